"""Bounds that a question sets to a measure."""

import pytest

from service.answers.bounds import bound_in, keeps


@pytest.mark.parametrize(
    ("question", "text", "kept"),
    [
        ("Which models have an AUC below 0.8?", "AUC 0.77, accuracy 0.71", True),
        ("Which models have an AUC below 0.8?", "AUC 0.93, accuracy 0.71", False),
        ("Which reach an AUC of 0.93 or more?", "AUC 0.86-0.95", True),
        ("Which reach an AUC of 0.93 or more?", "Accuracy 0.93 (radiologist 0.85), AUC 0.92", False),
        ("Which models have an AUC below 0.8?", "AUC 0.89 for classifying grades 2-4", False),
        ("Which have an accuracy below 0.9?", "Accuracy 0.93 (compared to radiologist 0.85)", False),
        ("Which DSCs are below 50%?", "DSCs 0.71-0.96 with 18% reduction in mean time", False),
        ("Whose AUC is above 0.93?", "AUC 0.93", False),
        ("Whose AUC is at least 0.93?", "AUC 0.93", True),
        ("Which AUCs are over 0.95?", "AUC 0.98 in training set, 0.92 in test set", True),
        ("Which have a sensitivity of at least 90%?", "sensitivity 0.91, specificity 0.84", True),
        ("Which have a sensitivity of at least 90%?", "Sensitivity 75-80%, specificity 80-100%", False),
    ],
)
def test_a_text_keeps_to_the_bound_by_the_figures_of_that_measure(question, text, kept):
    bound = bound_in(question)
    assert bound is not None
    assert keeps(bound, text) is kept


@pytest.mark.parametrize("question", ["What AUC is given?", "Were more than 100 patients treated?"])
def test_without_a_measure_and_a_figure_there_is_no_bound(question):
    assert bound_in(question) is None
