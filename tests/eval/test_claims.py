"""The labelled claims, and what is measured on them."""

from collections import Counter
from pathlib import Path

import pytest

from eval.claims import Claim, load_claims, measure
from eval.claims_fit import ELSEWHERE

CLAIMS = load_claims()
CORPUS = Path(__file__).parent.parent.parent / "corpus"


def test_there_are_enough_claims_and_half_of_them_are_supported():
    supported = Counter(claim.supported for claim in CLAIMS)
    assert len(CLAIMS) >= 150
    assert 0.4 <= supported[True] / len(CLAIMS) <= 0.6


def test_ids_are_unique():
    assert [n for n, count in Counter(claim.id for claim in CLAIMS).items() if count > 1] == []


@pytest.mark.parametrize("document", ["lim", "dinc", "hmp"])
def test_every_quote_stands_in_its_document_exactly_once(document):
    [path] = CORPUS.glob(f"{document}-*.txt")
    text = path.read_text(encoding="utf-8")
    assert [c.id for c in CLAIMS if c.document == document and text.count(c.quote) != 1] == []


def test_supported_and_corrupted_kinds_do_not_mix():
    supported = {"paraphrase", "near_verbatim", "synthesis"}
    assert [claim.id for claim in CLAIMS if claim.supported != (claim.kind in supported)] == []


def test_each_kind_is_measured_by_the_share_judged_rightly(generation, encoder):
    quote = "A total of 425,148 patients took part in the study."
    pairs = [
        ("near_verbatim", True, "A total of 425,148 patients took part."),
        ("number", False, "A total of 500,000 patients took part in the study."),
        ("unrelated", False, "Robots can steer catheters through the heart."),
    ]
    claims = [
        Claim(
            id=kind,
            kind=kind,
            supported=supported,
            document="lim",
            quote=quote,
            claim=said,
            why="invented",
            split="test",
        )
        for kind, supported, said in pairs
    ]
    assert measure(generation, encoder, "dev", claims).counts == {}
    figures = measure(generation, encoder, "test", claims)
    assert {kind: figures.accuracy[kind].value for kind, _, _ in pairs} == {kind: 1.0 for kind, _, _ in pairs}
    assert figures.counts["all"] == 3
    assert figures.auroc.value == 1.0
    assert figures.wrong == ()


def test_the_claims_on_texts_from_elsewhere_are_for_fitting_alone():
    elsewhere = load_claims(ELSEWHERE)
    assert {claim.split for claim in elsewhere} == {"dev"}
    assert not {claim.id for claim in elsewhere} & {claim.id for claim in CLAIMS}
    assert len({claim.id for claim in elsewhere}) == len(elsewhere)
