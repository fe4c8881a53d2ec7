"""`kata reset`: an exercise as it was before anybody began it."""

from pathlib import Path

from kata import state
from kata.learn.stubs import make_stub
from kata.syllabus import Exercise


def put_stub_back(exercise: Exercise) -> dict[Path, Path | None]:
    """Put the stub back, and a fresh notebook where there is one.

    Returns:
        {file: the backup of what was there, None where there was nothing to lose}
    """
    fresh = {exercise.stub: make_stub(exercise)}
    if exercise.notebook.exists():
        from kata.learn.notebooks import notebook_text  # it takes nbformat, a tenth of a second to import

        fresh[exercise.notebook] = notebook_text(exercise)
    backups: dict[Path, Path | None] = {}
    for path, text in fresh.items():
        written = path.exists() and _lines(path.read_bytes()) != text.encode()
        backups[path] = state.keep(path) if written else None
        state.write_whole(path, text)
    return backups


def _lines(content: bytes) -> bytes:
    """A text with the line ends of Linux; editors and git on Windows write others."""
    return content.replace(b"\r\n", b"\n")
