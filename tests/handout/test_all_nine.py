"""A handout of all exercises, whose record takes a quarter of an hour."""

import pytest

from kata.syllabus import EXERCISES, ROOT
from tests.handout import answers_in
from tests.handout.handouts import corpus_of
from tests.support import judge_many, write_misconception


@pytest.mark.proof
@pytest.mark.long
def test_no_line_of_any_answer_is_in_a_handout_of_all_exercises(everything):
    assert answers_in.found_in(everything) == {}


@pytest.mark.proof
@pytest.mark.long
def test_a_tenth_of_the_other_misconceptions_is_told_the_same(everything, tmp_path):
    for exercise in (each for each in EXERCISES if each.needs):
        corpus = corpus_of(exercise)
        for name in list(corpus)[::10]:
            write_misconception(tmp_path / name, corpus[name])
            function = corpus[name].misunderstands
            suite = f"exercises/{exercise.folder}/test_{exercise.topic}.py::Test{function.title().replace('_', '')}"
            here, there = (judge_many(tmp_path, [name], [suite], checkout=each) for each in (ROOT, everything))
            sentence = " ".join(corpus[name].__doc__.split())
            for verdicts in (here, there):
                assert any(sentence in text for _, _, _, text in verdicts[name]), name
            outcomes = [[told[:3] for told in verdicts[name]] for verdicts in (here, there)]
            assert outcomes[0] == outcomes[1]
