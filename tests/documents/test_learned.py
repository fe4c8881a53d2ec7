"""What is said after a right answer: each function has its two sentences, each exercise its three questions."""

import re

import pytest

from kata.learn.learned import read_learned
from kata.syllabus import EXERCISES

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.folder)


@each_exercise
def test_each_function_has_its_lesson_in_the_order_of_the_syllabus(exercise):
    assert list(read_learned(exercise).functions) == list(exercise.points)


@each_exercise
def test_what_was_learned_is_one_sentence_that_fits_a_glance(exercise):
    for name, lesson in read_learned(exercise).functions.items():
        assert lesson.learned.endswith("."), name
        assert not re.search(r"[.?!] ", lesson.learned), name
        assert len(lesson.learned) <= 200, name


@each_exercise
def test_the_usual_mistake_is_told_in_two_sentences_at_most(exercise):
    for name, lesson in read_learned(exercise).functions.items():
        assert re.match(r"(Many|Most) people ", lesson.mistake), name
        assert lesson.mistake.endswith("."), name
        assert len(re.findall(r"[.?!] ", lesson.mistake)) <= 1, name
        assert len(lesson.mistake) <= 320, name


@each_exercise
def test_three_questions_have_three_choices_each_and_an_explanation(exercise):
    questions = read_learned(exercise).questions
    assert len({question.text for question in questions}) == len(questions) == 3
    for question in questions:
        assert question.text.endswith("?")
        assert len(set(question.choices)) == len(question.choices) == 3, question.text
        assert all(0 < len(choice) <= 110 for choice in question.choices), question.text
        assert question.why.endswith("."), question.text


@each_exercise
def test_one_choice_alone_is_marked_and_not_always_in_the_same_place(exercise):
    assert exercise.learned.read_text(encoding="utf-8").count("- [x] ") == 3
    assert len({question.right for question in read_learned(exercise).questions}) > 1


@each_exercise
def test_the_texts_hold_no_line_of_a_solution(exercise):
    text = " ".join(exercise.learned.read_text(encoding="utf-8").split())
    lines = (" ".join(line.split()) for line in exercise.solution.read_text(encoding="utf-8").splitlines())
    assert not [line for line in lines if len(line) >= 25 and line in text]
    assert not [code for code in re.findall(r"`([^`]+)`", text) if len(code) >= 25]
