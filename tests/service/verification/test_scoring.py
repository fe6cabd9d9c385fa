import json
from dataclasses import fields, replace
from importlib import resources
from itertools import pairwise

import pytest

from service.verification.scoring import EITHER, FOR, LEFT, Figures, Node, Trees, score

LITERAL = Figures(literal=1, coverage=1, weakest=1, least=1, cosine=1)
FREE = Figures(literal=0.4, missing=6, coverage=0.7, weakest=0.5, least=0.3, cosine=0.7, far=3)


def test_a_tree_goes_left_up_to_its_threshold():
    cosine = [field.name for field in fields(Figures)].index("cosine")
    tree = (Node(cosine, 0.5, 1, 2, 0.0), Node(0, 0.0, 0, 0, -1.0), Node(0, 0.0, 0, 0, 2.0))
    trees = Trees(0.25, (tree, tree))
    assert trees(Figures(cosine=0.5)) == 0.25 - 2
    assert trees(Figures(cosine=0.6)) == 0.25 + 4


def test_the_trees_were_fitted_on_these_figures():
    stored = json.loads(
        (resources.files("service.verification") / "scoring.json").read_text(encoding="utf-8")
    )
    assert stored["features"] == [field.name for field in fields(Figures)]


def test_what_the_text_says_word_for_word_is_supported():
    assert score(LITERAL, 0) > 0.5


def test_a_wrong_number_leaves_little():
    assert score(LITERAL, 1) == pytest.approx(LEFT * score(LITERAL, 0))


@pytest.mark.parametrize("figures", [LITERAL, FREE])
@pytest.mark.parametrize("name", [field.name for field in fields(Figures) if field.name not in EITHER])
def test_no_fault_speaks_for_a_claim_and_no_likeness_against_it(figures, name):
    sign = 1 if name in FOR else -1
    scores = [score(replace(figures, **{name: step / 4}), 0) for step in range(13)]
    assert all((b - a) * sign >= 0 for a, b in pairwise(scores))
