"""What a learner has besides pytest: `kata watch`, `notebook`, `report`, `reset`, `solution`, benchmarks, pictures.

Come here to change one of these commands, how stubs are made from the solutions, or how a notebook looks as a page.
"""

from typing import TYPE_CHECKING

from kata.doors import door

if TYPE_CHECKING:
    from kata.learn.benchmarks import SOLVED, YOURS, NotWritten, at_most, measure, results_of
    from kata.learn.keys import Keys, confirmed
    from kata.learn.learned import Learned, Lesson, Question, read_learned
    from kata.learn.notebooks import write_notebook
    from kata.learn.rendering import TEMPLATE
    from kata.learn.report import COMPARED, duration, points_in_words, write_report
    from kata.learn.saves import Saves, touches
    from kata.learn.solution import definition, is_solved, source_of, told_solution, told_solutions
    from kata.learn.stubs import begin_again, make_stub, put_stub_back, suite_of, version_of
    from kata.learn.watch import WATCHING, judging, watch_for_saves
else:
    __getattr__ = door(__name__)
