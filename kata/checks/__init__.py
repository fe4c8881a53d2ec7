"""What a suite uses: `check`, `check_raises`, described arguments (`Made`) and looks at results (`View`).

Come here to change when two values count as equal, what a failed check says, which arguments a suite can describe
(kata/checks/objects.py), or what a suite can see of a result: tensors, models, files and trainings have a module
each. This room does not know who wrote an answer or in which process it runs.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.checks.calls import Call, Raised, copy_data, plain, same_data
    from kata.checks.comparison import (
        SOLUTION,
        VALUE,
        CheckFailed,
        check,
        check_raises,
        close,
        difference,
        is_number,
        recording,
    )
    from kata.checks.files import Arrays, Grid, MarkdownTable, Output, Report, TrainingFolder, WithArrays
    from kata.checks.heads import train_end_to_end
    from kata.checks.models import (
        VGG16,
        AfterTraining,
        Head,
        LastWeights,
        Outputs,
        Parameters,
        Reported,
        SmallBase,
    )
    from kata.checks.objects import Defaults, File, Folder, Made, Paths, TwoSteps, View, make
    from kata.checks.pictures import Pictures
    from kata.checks.tensors import Batches, Pipeline, Tensor
    from kata.checks.texts import LARGEST, SMALLEST, show
    from kata.checks.training import (
        AnotherCall,
        Device,
        InHalfPrecision,
        Stepwise,
        StepwiseFolder,
        UnderPolicy,
        Weights,
        WithPolicy,
    )
    from kata.checks.wire import (
        MAX_HEADER,
        MAX_MESSAGE,
        PREFIX,
        Foreign,
        WireError,
        lengths,
        pack,
        unpack,
        unpack_whole,
    )
else:
    __getattr__ = door(__name__)
