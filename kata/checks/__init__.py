"""What a suite says of an answer: `check`, `check_raises`, and arguments and results that are no plain data.

Come here to change when two values count as the same, what a failed check says, or what a suite can hand to a
function (`Made`) and see of its result (`View`). This room does not know where an answer comes from, or who runs it.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.checks.calls import Call, Raised, copy_data, same_data
    from kata.checks.comparison import (
        SOLUTION,
        CheckFailed,
        check,
        check_raises,
        close,
        difference,
        is_number,
        plain,
        recording,
    )
    from kata.checks.files import Arrays, Grid, MarkdownTable, Output, Pictures, Report, TrainingFolder, WithArrays
    from kata.checks.models import VGG16, AfterTraining, Head, LastWeights, Outputs, Parameters, Reported, SmallBase
    from kata.checks.objects import File, Folder, Made, Paths, View, make
    from kata.checks.tensors import Batches, Pipeline, Tensor
    from kata.checks.texts import LARGEST, SMALLEST, show
    from kata.checks.training import Device, Stepwise, UnderPolicy, WithPolicy, train_end_to_end
else:
    __getattr__ = door(__name__)
