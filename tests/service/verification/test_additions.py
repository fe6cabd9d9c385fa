import numpy as np
import pytest

from service.verification.additions import doubts, features
from service.verification.alignment import Alignment, align, encode
from service.verification.lexis import Lexis
from service.verification.reading import read

ALBUMIN = "The model predicted recurrence from age, tumor size and albumin."


@pytest.fixture(scope="module")
def doubted(encoder):
    """The words of a claim, each with how likely it is an addition to a text."""

    def words(claim: str, text: str) -> dict[str, float]:
        said, given = read(claim), read(text)
        alignment = align(said, encode(encoder, said), given, encode(encoder, given), Lexis())
        return {
            word.text: float(doubt) for word, doubt in zip(alignment.words, doubts(alignment), strict=True)
        }

    return words


def test_the_features_of_a_word_are_its_own_and_those_of_its_neighbours():
    words = tuple(read("Needles guide Okafor").words)
    literal, near = np.array([1, 0, 0], np.float32), np.array([1, 0.5, 0.25], np.float32)
    found = features(Alignment(words, literal, near, (0,), 1.0))
    # literal, near, share of the others that the text has, the same of the neighbours, a name inside
    assert found.tolist() == [[1, 1, 0, 0, 0], [0, 0.5, 0.5, 0.5, 0], [0, 0.25, 0.5, 0, 1]]


def test_no_words_have_no_features():
    none = np.zeros(0, np.float32)
    assert features(Alignment((), none, none, (), 0.0)).shape == (0, 5)


@pytest.mark.parametrize(
    ("claim", "added"),
    [
        ("The model predicted recurrence from age, tumor size and insurance.", "insurance"),
        ("The Zurich model predicted recurrence from age, tumor size and albumin.", "Zurich"),
    ],
)
def test_a_foreign_word_in_an_otherwise_literal_claim_is_doubted(doubted, claim, added):
    found = doubted(claim, ALBUMIN)
    assert max(found, key=found.__getitem__) == added
    assert found[added] > 0.3


def test_another_way_of_putting_it_is_not(doubted):
    found = doubted("Recurrence was forecast by the model from age, tumour dimensions and albumin.", ALBUMIN)
    assert max(found.values()) < 0.3


def test_a_number_in_words_is_no_addition(doubted):
    assert "Forty" not in doubted("Forty needles were placed.", "The robot placed 40 needles.")
