"""The texts of a handout that are other ones than here: they speak of what students have, and of nothing else.

The rule for all of them: what names a file that is here and not there is left out, as far as a blank line.
"""

import json
import re
from pathlib import Path

from kata.handout.copying import needs_data, needs_only_numpy
from kata.syllabus import EXERCISES, ROOT, Exercise, find_exercise

_FOR_OTHERS = "## For instructors and contributors"
_BUTTONS = re.compile(r"^.*\]\(https://codespaces\.new/.*\n", re.MULTILINE)
_SECTIONS_FOR_OTHERS = ("project.optional-dependencies", "tool.mypy", "tool.importlinter", "tool.ruff")
_PATH = re.compile(r"\w[\w.-]*(?:/[\w.-]+)+/?|\w+/(?=[\s`])|\b[A-Z]+\.md")


class Documents:
    """Writes the texts of one handout.

    Args:
        exercises: what is handed out.
        folder: where the files are that are copied as they are.
    """

    def __init__(self, exercises: list[Exercise], folder: Path) -> None:
        self.exercises, self.folder = exercises, folder
        self.has_data, self.has_numpy = needs_data(exercises), needs_only_numpy(exercises)
        self.absent = [exercise for exercise in EXERCISES if exercise not in exercises]

    def write(self, title: str, mistakes: int) -> None:
        """Write all of them.

        Args:
            title: of the README; mistakes: how many misconceptions are known of the exercises.
        """
        self._write("Makefile", self.makefile())
        self._write("pyproject.toml", self.pyproject())
        self._write(".vscode/settings.json", self.settings())
        self._write("README.md", self.readme(title, mistakes))

    def _write(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")

    def makefile(self) -> str:
        """The targets that need nothing but what a learner needs."""
        blocks = _read("Makefile").split("\n\n")
        kept = [block for block in blocks if "$(VENV)/dev" not in block and "$(BACKENDS)" not in block]
        if not self.has_data:
            kept = [block for block in kept if "datasets" not in block]
        targets = {match[1] for block in kept for match in re.finditer(r"^([\w-]+):", block, re.MULTILINE)}
        lines = "\n\n".join(kept).splitlines()
        lines = [
            line for line in lines if not (found := re.match(r'\t@echo "make ([\w-]+)', line)) or found[1] in targets
        ]
        lines = [_only(line, targets) if line.startswith(".PHONY:") else line for line in lines]
        return "\n".join(line for line in lines if self.has_data or "TensorFlow" not in line) + "\n"

    def pyproject(self) -> str:
        """What an environment needs to have what a learner needs."""
        unused = ["pebble"] if self.has_data else ["pebble", "tqdm", "tensorflow"]
        words = [f'"{name}>=' for name in unused] + [f"# {name}:" for name in unused]
        words += [f'"exercises/{exercise.folder}"' for exercise in self.absent]
        sections = re.split(r"^(?=\[)", _read("pyproject.toml"), flags=re.MULTILINE)
        kept = [section for section in sections if not section.lstrip("[").startswith(_SECTIONS_FOR_OTHERS)]
        lines = "".join(kept).splitlines()
        return "\n".join(line for line in lines if not any(word in line for word in words)).rstrip() + "\n"

    def settings(self) -> str:
        """The editor's settings."""
        settings = json.loads(_read(".vscode/settings.json"))
        folders = [f"exercises/{exercise.folder}" for exercise in self.exercises]
        return json.dumps(settings | {"python.analysis.extraPaths": folders}, indent=4) + "\n"

    def readme(self, title: str, mistakes: int) -> str:
        """The learner's page."""
        whole = _BUTTONS.sub("", _read("README.md"))  # the instructor's, which open the solutions
        intro, *sections = re.split(r"^(?=## )", whole, flags=re.MULTILINE)
        sections = [section for section in sections if not section.startswith(_FOR_OTHERS)]
        if find_exercise("03") in self.absent:  # of which all examples are
            sections = [self._with_another_example(section) for section in sections]
        text = intro.replace("# multilabel-kata\n", f"# {title}\n", 1) + "".join(sections)
        text = re.sub(r"\b\d+ known mistakes", f"{mistakes} known mistakes", text)
        paragraphs = map(self._board, re.split(r"\n{2,}", text.strip()))
        return "\n\n".join(filter(None, map(self._without_absent, paragraphs))) + "\n"

    def _with_another_example(self, section: str) -> str:
        """A section whose commands and files are those of the first exercise."""
        first = self.exercises[0]
        words = {
            "03_losses": first.folder,
            r"losses(?=\.(?:py|ipynb)\b)": first.topic,
            "binary_crossentropy": next(iter(first.points)),
            r"\b03\b": first.number,
        }
        lines = [line for line in section.splitlines(keepends=True) if " -k " not in line]  # which choose by a name
        for pattern, other in words.items():
            lines = [line if line.startswith("| 0") else re.sub(pattern, other, line) for line in lines]
        return "".join(lines)

    def _board(self, paragraph: str) -> str:
        """The board of an untouched copy, in the place of that of all exercises."""
        if "```text\n01 label_encoders" not in paragraph:
            return paragraph
        absent = tuple(f"{exercise.number} {exercise.topic}" for exercise in self.absent)
        lines = [line for line in paragraph.splitlines() if not line.startswith(("<!--", *absent))]
        first, worth = self.exercises[0], sum(exercise.worth for exercise in self.exercises)
        function = next(iter(first.points))
        stub = (self.folder / "exercises" / first.folder / f"{first.topic}.py").read_text(encoding="utf-8")
        number = 1 + stub[: stub.index(f"def {function}(")].count("\n")
        text = "\n".join(lines).replace("0/100", f"0/{worth}")
        text = re.sub(r"(?<=Next: ).*", f"{function} in exercises/{first.folder}/{first.topic}.py:{number}", text)
        text = re.sub(r"(?<=the lesson: ).*", f"exercises/{first.folder}/README.md", text)
        return re.sub(r"(?<=kata hint ).*", f"{first.number} {function}", text)

    def _without_absent(self, paragraph: str) -> str:
        """A paragraph, or those lines of a table or a block of code, that name nothing that is not there."""
        lines = paragraph.splitlines()
        if any(line.startswith("```") for line in lines):  # behind # stands what a command makes
            return "\n".join(line for line in lines if not self._names_absent(line.partition("#")[0]))
        if any(line.startswith("|") for line in lines):
            return "\n".join(line for line in lines if not self._names_absent(line))
        return "" if self._names_absent(paragraph) else paragraph

    def _names_absent(self, text: str) -> bool:
        if (not self.has_data and "TensorFlow" in text) or (not self.has_numpy and "Binder" in text):
            return True
        absent = [name for name in _PATH.findall(text) if not (self.folder / name).exists()]
        return any(name.startswith("exercises/") or (ROOT / name).exists() for name in absent)


def _read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _only(line: str, targets: set[str]) -> str:
    """A line of a Makefile without the targets that are not there."""
    name, *words = line.split()
    return " ".join([name, *(word for word in words if word in targets)])
