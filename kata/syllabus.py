"""Which exercises there are, in their order, and what their functions are worth.

Points belong to functions, not to tests. They sum to 100 over the whole kata; 01 to 05, which need NumPy alone,
hold 60 of them. A handout (kata/handout/) has some of the exercises, and a record in the place of the solutions.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "record"
VERSION_MARK = "kata-version "  # stands in each stub and notebook of a handout, with eight characters behind it


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes:
        number: "03"; topic: "losses", the name of its module.
        points: {function: points}, in the order of the lesson.
        needs: packages that its answers import, besides NumPy.
        patience: how many times the usual time limit a call may take, where calls train models.
    """

    number: str
    topic: str
    points: dict[str, int] = field(hash=False)
    needs: tuple[str, ...] = ()
    patience: int = 1

    @property
    def folder(self) -> str:
        return f"{self.number}_{self.topic}"

    @property
    def files(self) -> tuple[str, str]:
        """What an answer may be called: a module or a notebook."""
        return f"{self.topic}.py", f"{self.topic}.ipynb"

    @property
    def worth(self) -> int:
        return sum(self.points.values())

    @property
    def stub(self) -> Path:
        return ROOT / "exercises" / self.folder / f"{self.topic}.py"

    @property
    def notebook(self) -> Path:
        return self.stub.with_suffix(".ipynb")

    @property
    def solution(self) -> Path:
        return ROOT / "solutions" / self.folder / f"{self.topic}.py"

    @property
    def misconceptions(self) -> Path:
        return ROOT / "solutions" / self.folder / "misconceptions.py"

    @property
    def hints(self) -> Path:
        return ROOT / "solutions" / self.folder / "hints.md"

    @property
    def learned(self) -> Path:
        return ROOT / "solutions" / self.folder / "learned.md"

    @property
    def record(self) -> Path:
        """The folder where a handout has what it knows of the exercise."""
        return RECORD / self.folder

    @property
    def contract(self) -> Path:
        """The file whose signatures and docstrings count: the solution; in a handout, the stub as it was."""
        return self.record / f"{self.topic}.py" if HANDOUT else self.solution


def _read_handout() -> dict[str, Any] | None:
    """What `kata handout` wrote of this copy: see kata/handout/; None in the whole repository."""
    path = RECORD / "handout.json"
    if not path.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_bytes())
        return found | {"exercises": list(found["exercises"]), "seed": int(found["seed"])}
    except (OSError, ValueError, TypeError, KeyError):
        raise SystemExit(f"{path} is damaged: fetch it again from where you have this copy") from None


HANDOUT = _read_handout()
_ALL = (
    Exercise(
        "01",
        "label_encoders",
        {"integer_encode": 2, "one_hot_encode": 3, "multi_hot_encode": 4, "multi_hot_decode": 3},
    ),
    Exercise("02", "activations", {"linear": 1, "sigmoid": 3, "softmax": 4}),
    Exercise(
        "03",
        "losses",
        {"binary_crossentropy": 7, "categorical_crossentropy": 5, "sparse_categorical_crossentropy": 4},
    ),
    Exercise(
        "04",
        "pairings",
        {"textbook_loss": 3, "keras_loss": 4, "predict_multi_hot": 3, "recommended_setup": 2},
    ),
    Exercise(
        "05",
        "binary_accuracy",
        {
            "binary_accuracy": 4,
            "subset_accuracy": 2,
            "hamming_loss": 2,
            "logit_threshold": 2,
            "all_zeros_accuracy": 2,
        },
    ),
    Exercise(
        "06",
        "data_pipeline",
        {"read_table": 3, "split_indices": 2, "load_image": 2, "make_batches": 3},
        needs=("tensorflow",),
    ),
    Exercise(
        "07",
        "transfer_model",
        {
            "prepare_images": 1,
            "build_base": 2,
            "extract_features": 2,
            "standardize": 2,
            "build_model": 3,
            "compile_model": 2,
        },
        needs=("tensorflow", "keras"),
    ),
    Exercise(
        "08",
        "experiments",
        {
            "train_pairing": 2,
            "best_threshold": 1,
            "run_grid": 1,
            "same_training": 1,
            "explain": 1,
            "write_table": 1,
            "plot_grid": 1,
        },
        needs=("tensorflow", "keras"),
        patience=6,
    ),
    Exercise(
        "09",
        "gpu_training",
        {
            "find_device": 1,
            "draw_weights": 1,
            "compute_features": 1,
            "train_head": 2,
            "label_report": 1,
            "describe_predictions": 1,
            "draw_pictures": 1,
            "run_training": 2,
        },
        needs=("tensorflow", "keras"),
        patience=6,
    ),
)

EXERCISES = tuple(exercise for exercise in _ALL if HANDOUT is None or exercise.number in HANDOUT["exercises"])
BY_TOPIC = {exercise.topic: exercise for exercise in EXERCISES}
BY_FUNCTION = {function: exercise for exercise in EXERCISES for function in exercise.points}


def find_exercise(name: str | Path) -> Exercise:
    """Return the exercise called `name`: "3", "03", "losses", "03_losses" or a path that ends so.

    Raises:
        LookupError: there is none; the message lists them.
    """
    wanted = str(name).replace("\\", "/").rstrip("/").rpartition("/")[2].removesuffix(".py").removesuffix(".ipynb")
    for exercise in EXERCISES:
        if wanted.zfill(2) == exercise.number or wanted in (exercise.topic, exercise.folder):
            return exercise
    choices = ", ".join(exercise.folder for exercise in EXERCISES)
    raise LookupError(f"there is no exercise {name!r}: choose one of {choices}")


def choose_exercises(names: str | None) -> list[Exercise]:
    """Return the exercises of a list such as "01,losses", in their order; all of them for None or "".

    Raises:
        LookupError: there is no such exercise; the message lists them.
    """
    named = [find_exercise(name.strip()) for name in names.split(",")] if names else EXERCISES
    return [exercise for exercise in EXERCISES if exercise in named]
