"""A thousand generated submissions, graded in one run: is each marked as it deserves, and is the memory flat?

    python -m tests.proofs.thousand [SUBMISSIONS] [further options of `kata grade`, such as --scheduler ADDRESS]

Ends with an error where a right one lost a point, a wrong one kept those of its wrong function, a hostile one has
what it did not earn, or the grader's memory grew with the number of submissions.
"""

import csv
import io
import json
import os
import random
import resource
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from kata.answers.answer import Reference
from kata.judge import misconceptions
from kata.syllabus import BY_FUNCTION, EXERCISES, ROOT
from tests.proofs.hostile import HOSTILE, known
from tests.support import misconceptions_of, replace_function, solution

NUMPY = [exercise for exercise in EXERCISES if not exercise.needs]
WORTH = sum(exercise.worth for exercise in NUMPY)
# Of a hundred submissions. Who hands in part of it, and who makes one mistake, are most of a class.
MIX = {"right": 30, "wrong": 35, "part": 15, "broken": 12, "hostile": 8}
GROWTH = 1.1  # of the memory, between a tenth and the whole of the run


class Class:
    """Makes submissions, of which it is known what they deserve.

    Attributes:
        deserves: {name: (kind, least, most)}, the points of each.
        loses: {name: a function that must not have points}.
    """

    def __init__(self, folder, seed):
        self.folder, self.random = folder, random.Random(seed)
        self.right = {f"{one.folder}/{one.topic}.py": solution(one.topic) for one in NUMPY}
        self.stubs = {f"{one.folder}/{one.topic}.py": one.stub.read_text(encoding="utf-8") for one in NUMPY}
        reference = Reference()
        self.wrong = [
            (exercise, function, wrong.__name__)
            for exercise in NUMPY
            for function, known in misconceptions.load(reference.answer.runner, exercise).items()
            for wrong in known
        ]
        self.deserves, self.loses = {}, {}

    def make(self, number):
        """Write so many submissions, in the order of their names mixed."""
        kinds = [kind for kind, share in MIX.items() for _ in range(round(number * share / 100))]
        kinds += ["right"] * (number - len(kinds))
        self.random.shuffle(kinds)
        for place, kind in enumerate(kinds):
            self.name = f"{place:06}-{kind}"
            least, most = getattr(self, f"_{kind}")()
            self.deserves[self.name] = kind, least, most

    def _right(self):
        self._write(self.right)
        return WORTH, WORTH

    def _wrong(self):
        # Functions that use the wrong one may be right or not: they are blocked either way.
        exercise, function, name = self.random.choice(self.wrong)
        path = f"{exercise.folder}/{exercise.topic}.py"
        known = misconceptions_of(exercise)
        self._write(self.right | {path: f"{self.right[path]}\n\n{known}\n\n{function} = {name}\n"})
        self.loses[self.name] = function
        return 0, WORTH - BY_FUNCTION[function].points[function]

    def _part(self):
        # The first exercises are written, one is begun, the others are stubs or not handed in.
        done = self.random.randrange(len(NUMPY))
        begun = NUMPY[done]
        function = list(begun.points)[-1]
        files = dict(list(self.right.items())[:done])
        code = f"def {function}(*args, **kwargs):\n    raise NotImplementedError\n"
        files[f"{begun.folder}/{begun.topic}.py"] = replace_function(begun.topic, function, code)
        if self.random.random() < 0.5:
            files = self.stubs | files
        self._write(files)
        self.loses[self.name] = function
        before = sum(exercise.worth for exercise in NUMPY[:done])
        return before, before + begun.worth - begun.points[function]

    def _broken(self):
        kind = self.random.randrange(5)
        exercise = self.random.choice(NUMPY)
        path = f"{exercise.folder}/{exercise.topic}.py"
        if kind == 0:  # a file that does not parse
            self._write(self.right | {path: self.right[path] + "\ndef (:\n"})
        elif kind == 1:  # an import that fails
            self._write(self.right | {path: "import torch\n" + self.right[path]})
        elif kind == 2:  # not in UTF-8
            self._write(self.right | {path: self.right[path].encode() + b'\nwith_umlaut = "\xfc"\n'})
        elif kind == 3:  # half an archive
            content = packed(self.right)
            (self.folder / f"{self.name}.zip").write_bytes(content[: len(content) // 2])
            return 0, 0
        else:  # something else
            (self.folder / f"{self.name}.pdf").write_bytes(b"%PDF-1.7\n")
            self.name += ".pdf"
            return 0, 0
        return 0, WORTH - exercise.worth

    def _hostile(self):
        hostile = HOSTILE[self.random.choice(list(HOSTILE))]
        files = hostile.all_files(known(self.folder, 9))  # nobody listens there
        self._write(files, ("", "{name}/"))
        return hostile.least, hostile.points

    def _write(self, files, tops=("", "{name}/", "{name}/exercises/")):
        """As a folder, a zip or a tar archive, with or without one folder more."""
        top = self.random.choice(tops).format(name=self.name)
        files = {f"{top}{path}": text for path, text in files.items()}
        kind = self.random.choice(("folder", "zip", "zip", "tar.gz"))
        if kind == "folder":
            for path, text in files.items():
                target = self.folder / self.name / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(encoded(text))
        elif kind == "zip":
            (self.folder / f"{self.name}.zip").write_bytes(packed(files))
        else:
            with tarfile.open(self.folder / f"{self.name}.tar.gz", "w:gz") as archive:
                for path, text in files.items():
                    member = tarfile.TarInfo(path)
                    member.size = len(encoded(text))
                    archive.addfile(member, io.BytesIO(encoded(text)))


def encoded(text):
    return text if isinstance(text, bytes) else text.encode()


def packed(files):
    """The bytes of a zip archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in files.items():
            archive.writestr(path, encoded(text))
    return content.getvalue()


def main(number=1000, *options):
    """Print how it went; ends with an error where it went wrong."""
    with tempfile.TemporaryDirectory() as name:
        submissions, output = Path(name) / "submissions", Path(name) / "output"
        submissions.mkdir()
        made = Class(submissions, seed=1)
        made.make(number)
        print(f"made: {dict(Counter(kind for kind, *_ in made.deserves.values()))}", flush=True)
        start = time.perf_counter()
        memory = grade(number, submissions, output, options)
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)  # of the grader and what it has started
        processor = used.ru_utime + used.ru_stime
        rows = list(csv.DictReader((output / "grades.csv").open(encoding="utf-8", newline="")))
        results = {path.parent.name: path for path in output.glob("*/result.json")}
        spent = sum(json.loads(path.read_text(encoding="utf-8"))["seconds"] for path in results.values())
        size = sum(path.stat().st_size for path in output.rglob("*") if path.is_file())
        print(f"{number} in {seconds:.0f} s: {number / seconds:.2f} in a second")
        print(f"each: {spent / number:.2f} s of a worker, {processor / number:.3f} s of a processor on this machine,")
        print(f"      {size / number / 1024:.0f} kB of output")
        tell_outcomes(made, rows)
        wrong = [*misjudged(made, rows, output)]
        wrong += [] if len(rows) == number == len(results) else [f"{len(rows)} rows, {len(results)} results"]
        at = {share: memory[share] for share in ("10%", "50%", "100%", "reports")}
        print(
            "memory of the grader:",
            ", ".join(f"{kilobytes / 1024:.0f} MB at {share}" for share, kilobytes in at.items()),
        )
        if max(at.values()) > GROWTH * at["10%"]:
            wrong.append("the grader's memory grew")
    sys.exit("\n".join(wrong) if wrong else 0)


def grade(number, submissions, output, options):
    """Run `kata grade`; returns {how far it was: kilobytes of the grader's own process, at most until then}."""
    numbers = ",".join(exercise.number for exercise in NUMPY)
    command = [sys.executable, "-m", "kata", "grade", submissions, "--output", output, "--exercises", numbers]
    process = subprocess.Popen([*command, "--time-limit", "2", *options], cwd=ROOT, stdout=subprocess.DEVNULL)
    marks, memory = {"10%": 0.1, "50%": 0.5, "100%": 1}, {}
    while process.poll() is None:
        time.sleep(0.2)
        now = peak(process.pid)
        done = (
            sum(os.path.exists(entry.path + "/result.json") for entry in os.scandir(output)) if output.exists() else 0
        )
        for mark, share in marks.items():
            if done >= share * number:
                memory.setdefault(mark, now)
        memory["reports"] = now or memory.get("reports", 0)
    if process.returncode:
        sys.exit(f"kata grade ended with status {process.returncode}")
    return memory


def peak(pid):
    """The most memory that a process has had, in kilobytes; 0 where it is over."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM")), 0)


def tell_outcomes(made, rows):
    """Print what came of each kind."""
    for kind in MIX:
        statuses = Counter(row["status"] for row in rows if made.deserves[row["submission"]][0] == kind)
        points = [int(row["points"]) for row in rows if made.deserves[row["submission"]][0] == kind]
        told = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
        print(f"{kind:8} {min(points, default=0):2} to {max(points, default=0)} points: {told}")


def misjudged(made, rows, output):
    """Yield what is not as it should be."""
    for row in rows:
        name, points = row["submission"], int(row["points"])
        _, least, most = made.deserves[name]
        if not least <= points <= most:
            yield f"{name}: {points} points, not {least} to {most}"
        if function := made.loses.get(name):
            result = json.loads((output / name / "result.json").read_text(encoding="utf-8"))
            if result["functions"][function]["points"]:
                yield f"{name}: points for {function}, which is wrong"


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]), *sys.argv[2:])
