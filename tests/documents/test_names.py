"""What the documents name is there: places, commands, options, functions as they are called."""

import ast
import importlib.util
import re
import shlex

import nbformat
import pytest

from kata.cli import main
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT

FILES = [
    *(ROOT / f"{name}.md" for name in ("README", "CONTRIBUTING", "INSTRUCTORS", "CHANGELOG", "datasets/README")),
    *sorted(ROOT.glob("exercises/*/README.md")),
    *sorted(ROOT.glob("solutions/*/hints.md")),
    *sorted(ROOT.glob("solutions/*/learned.md")),
    ROOT / "tests/keras_answer/README.md",
    ROOT / "solutions/walkthrough.ipynb",
]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
each_document = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
# What begins like this is made by a command, somebody else's, or a placeholder.
MADE = re.compile(
    r"\.kata|\.venv|\.benchmarks|~|marks/|submissions|miml_dataset|images/|http|NAME/|keras/src|exercises/.*\.ipynb"
)
PLACEHOLDERS = {"NN_topic": "03_losses", "topic": "losses"}


def text_of(path):
    """A document's Markdown."""
    if path.suffix == ".ipynb":
        cells = nbformat.read(path, as_version=4).cells
        return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return path.read_text(encoding="utf-8")


def blocks(text, language):
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def prose_of(text):
    """Without blocks of code."""
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def commands_of(text):
    """The commands of a document, in blocks and in sentences, as lists of words."""
    lines = [line for block in blocks(text, "(?:ba)?sh") for line in block.splitlines()]
    lines += re.findall(r"`([^`\n]+)`", prose_of(text).replace("\n", " "))
    found = []
    for line in lines:
        words = line.partition("  #")[0].split(" # ")[0]
        if re.match(r"(\w+=\S+ )*(make|kata|pytest|python) \S", words):
            found.append([word for word in shlex.split(words) if not re.match(r"[A-Z_]+=", word)])
    return found


def heading_anchors(path):
    """The anchors that GitHub gives to headings."""
    headings = re.findall(r"^#+ (.*)$", prose_of(text_of(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_document
def test_links_lead_somewhere(path):
    for target in re.findall(r"\]\((?!https?:)([^)]+)\)", text_of(path)):
        place, _, anchor = target.partition("#")
        linked = (path.parent / place).resolve() if place else path
        assert linked.exists(), target
        assert linked.is_relative_to(ROOT), target
        assert not anchor or anchor in heading_anchors(linked), target


@each_document
def test_addresses_are_whole(path):
    for address in re.findall(r"https?:[^\s)>`\"]*", text_of(path)):
        assert re.match(r"https://[\w.-]+\.\w{2,}(/\S*)?$", address.rstrip(".,;:")), address


@each_document
def test_places_in_the_checkout_are_there(path):
    for name in re.findall(r"`([\w.][\w./-]*/[\w./-]*)`", prose_of(text_of(path))):
        if MADE.match(name):
            continue
        for placeholder, example in PLACEHOLDERS.items():
            name = re.sub(rf"{placeholder}(?=[./]|$)", example, name)
        assert any((base / name).exists() for base in (ROOT, path.parent, ROOT / "exercises")), name


@each_document
def test_commands_have_what_they_name(path):
    for program, *words in commands_of(text_of(path)):
        if program == "make":
            for target in (word for word in words if "=" not in word and word != "..."):
                assert re.search(rf"^{re.escape(target)}:", MAKEFILE, re.MULTILINE), target
        elif program == "python" and words[0] == "-m":
            assert importlib.util.find_spec(words[1]), words
        elif program == "python":
            assert MADE.match(words[0]) or words[0] == "-c" or (ROOT / words[0]).is_file(), words
        elif program == "pytest":
            named = [word.partition("::")[0] for word in words if word.startswith(("exercises/", "solutions"))]
            assert all(MADE.match(word) or (ROOT / word).exists() for word in named), words


@pytest.fixture(scope="module")
def usage():
    """What `kata --help` and the help of each of its commands say."""
    import contextlib
    import io

    def help_of(*command):
        out = io.StringIO()
        with contextlib.redirect_stdout(out), pytest.raises(SystemExit):
            main([*command, "--help"])
        return out.getvalue()

    everything = help_of()
    return {"": everything} | {command: help_of(command) for command in commands_in(everything)}


def commands_in(usage):
    return re.findall(r"^    (\w+)\b", usage.partition("COMMAND\n")[2], re.MULTILINE)


def test_kata_has_the_commands_and_options_that_documents_name(usage):
    seen = set()
    for path in FILES:
        for program, *words in commands_of(text_of(path)):
            if program != "kata" or words[0].startswith("{"):
                continue
            seen.add(words[0])
            assert words[0] in usage, (path, words)
            for option in (word for word in words if word.startswith("--")):
                assert option.partition("=")[0] in usage[words[0]], (path, words)
    assert seen >= {"hint", "reset", "watch", "report", "grade"}


def test_every_command_of_kata_and_every_target_of_make_is_documented(usage):
    guides = text_of(ROOT / "README.md") + text_of(ROOT / "INSTRUCTORS.md")
    listed = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    helped = re.findall(r'echo "make (\S+)', MAKEFILE)
    assert set(helped) == set(listed) - {"help", "FORCE"}
    for command in commands_in(usage[""]):
        assert f"kata {command}" in guides, command


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.folder)
def test_a_lessons_contract_has_the_functions_as_they_are(exercise):
    lesson = text_of(exercise.stub.parent / "README.md")
    contract = re.sub(r"#.*", "", blocks(lesson.partition("## The contract")[2], "python")[0])
    written = dict(re.findall(r"^(\w+)\((.*?)\)\s*$", contract, re.MULTILINE | re.DOTALL))
    assert list(written) == list(exercise.points)
    tree = ast.parse(exercise.solution.read_text(encoding="utf-8"))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    for name, arguments in written.items():
        expected = ast.unparse(functions[name].args)
        assert ast.unparse(ast.parse(f"def f({arguments}): ...").body[0].args) == expected


def test_functions_that_documents_call_exist_with_these_names():
    # `kata hint 03 name` and the like: a name that was changed would send a reader nowhere.
    for path in FILES:
        for program, *words in commands_of(text_of(path)):
            if program == "kata" and words[0] == "hint" and len(words) == 3:
                assert words[2] in BY_FUNCTION, (path, words)
                assert BY_FUNCTION[words[2]].number == words[1], (path, words)
