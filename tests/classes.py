"""Classes that never were: results in the shape of kata/grading/run.py's, with names that strangers could choose."""

import ast
import random

from kata.grading import output as out
from kata.grading import results as kept
from kata.grading.marking import UNJUDGED
from kata.judge.outcomes import BLOCKED, FAILED, PASSED, TODO
from kata.reports.pages import index_page
from kata.submissions.layouts import Submission, find_submissions
from kata.syllabus import BY_FUNCTION, EXERCISES

KEYS = dict.fromkeys((exercise.folder for exercise in EXERCISES), "key")
RUN = {
    "seed": 7,
    "exercises": [exercise.number for exercise in EXERCISES],
    "versions": {"python": "3.13.5", "numpy": "2.4.6"},
}
MARKUP = (
    "</pre></td><script>document.title = 'taken over'</script><img src=x onerror=\"alert(1)\"><b style='color:red'>"
)
HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>",
    "<script>document.title='taken over'<",
    "{{ 7 * 7 }}{% raw %}",
    "\"'><b>bold",
    "index.html",
    "Index.html",
    "100% #1?a=b&c=d;e+f",
    "javascript:alert(1)",
    "%2e%2e",
    "-rf",
    "x" * 255,
    "ü" * 127,
    "\N{FOX FACE}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}",
    "דוד כהן",
    "محمد علي",
    "gnp\N{RIGHT-TO-LEFT OVERRIDE}exe.txt",
    "Z\u0351\u036b\u0343\u036a" * 20,
    "new\nline",
    "tab\there\x1b[31m\x07",
    "李小龍",
)
NOTES = ["late: handed in 2 days after the others", f"an earlier hand-in counts no more: {MARKUP}.zip"]


def known_mistakes():
    """{function: [sentence, ...]} of all misconceptions."""
    found = {function: [] for function in BY_FUNCTION}
    for exercise in EXERCISES:
        for node in ast.parse(exercise.misconceptions.read_text(encoding="utf-8")).body:
            for mark in getattr(node, "decorator_list", ()):
                if getattr(mark.func, "id", "") == "misconception":
                    found[mark.args[0].value].append(" ".join(ast.get_docstring(node).split()))
    return found


SUMMED = next(text for text in known_mistakes()["binary_crossentropy"] if text.startswith("You summed"))


def page_of(results, exercises, run):
    """The text of the instructor's page."""
    return "".join(index_page(results, exercises, run))


def marks(outcomes, diagnoses=None, text=MARKUP, **more):
    """Marks as kata/grading/judging.py returns them.

    Args:
        outcomes: {function: outcome}; of a function that is not named: todo.
        diagnoses: {function: the sentence on it}.
        text: what each check says that did not pass.
        more: what else stands in them, such as `refused`.
    """
    functions, checks = {}, []
    for name, exercise in BY_FUNCTION.items():
        outcome = outcomes.get(name, TODO)
        right = outcome == PASSED
        said = {"outcome": outcome, "reason": text if outcome in (BLOCKED, UNJUDGED) else ""}
        worth = {"points": exercise.points[name] * right, "worth": exercise.points[name]}
        known = [diagnoses[name]] if diagnoses and name in diagnoses else []
        functions[name] = {**worth, **said, "passed": 5 * right, "checks": 5, "diagnoses": known}
        for number in range(5):
            what = f"returned  {text}\nshould be [0.5, 1]" if outcome == FAILED else text
            checks.append(
                {"function": name, "test": f"test_check_{number}_of_five", "outcome": outcome, "text": what}
            )
    return {"functions": functions, "checks": checks, "digest": "", "seconds": 0.1, **more}


def result_of(marks, name="Ada", place=None):
    """The result of a submission that has these marks."""
    return kept.result_of(Submission(name, place or name, ()), marks, EXERCISES, KEYS)


def write_class(folder, students):
    """Write all that comes out of a run.

    Args:
        folder: where to; the class's files go to its folder `submissions`, the rest to `output`.
        students: {name of a file that is handed in: marks}.

    Returns:
        The results.
    """
    submissions, output = folder / "submissions", folder / "output"
    for path in (submissions, output):
        path.mkdir(parents=True)
    for name in students:
        (submissions / name).write_bytes(b"")
    results = []
    for one in find_submissions(submissions):
        results.append(kept.result_of(one, students[one.parts[0].path.name], EXERCISES, KEYS))
        kept.keep(output / one.place, results[-1])
    files = [output / result["place"] / "result.json" for result in results]
    out.write_reports(output, out.Kept(files), EXERCISES, RUN)
    return results


def large_class(number, seed=0):
    """{name: marks} of a class: some are good, some gave up early, some made the same mistake."""
    draw, known, students = random.Random(seed), known_mistakes(), {}
    easy = {function: draw.random() for function in BY_FUNCTION}
    for index in range(number):
        able, upto = draw.random(), draw.choice((5, 7, 9, 9))
        outcomes, diagnoses = {}, {}
        for exercise in EXERCISES[:upto]:
            for function in exercise.points:
                chance = (able + easy[function]) / 1.6
                wrong = draw.choices((FAILED, BLOCKED, TODO, UNJUDGED), (8, 2, 2, 0.2))[0]
                outcomes[function] = PASSED if draw.random() < chance else wrong
                if outcomes[function] == FAILED and draw.random() < 0.6:
                    sentences = known[function]
                    diagnoses[function] = sentences[min(int(draw.expovariate(0.9)), len(sentences) - 1)]
        more = {"notes": NOTES[: draw.choice((1, 2))]} if draw.random() < 0.05 else {}
        if draw.random() < 0.02:
            more["refused"], outcomes = f"a damaged archive: {MARKUP}", dict.fromkeys(BY_FUNCTION, UNJUDGED)
        name = (
            HOSTILE_NAMES[index]
            if index < len(HOSTILE_NAMES)
            else f"{draw.choice(_GIVEN)} {draw.choice(_FAMILY)} {index}"
        )
        students[name] = marks(outcomes, diagnoses if "refused" not in more else None, **more)
    return students


_GIVEN = ("Ada", "Grace", "Emmy", "Sofya", "Alan", "Srinivasa", "Évariste", "Karen", "Katherine", "Paul", "Wang")
_FAMILY = (
    "Lovelace",
    "Hopper",
    "Noether",
    "Kovalevskaya",
    "Turing",
    "Ramanujan",
    "Galois",
    "Jones",
    "Johnson",
    "Erdős",
)
