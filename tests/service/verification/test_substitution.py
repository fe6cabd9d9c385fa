import math

import pytest

from service.verification.lexis import Lexis
from service.verification.reading import read
from service.verification.substitution import frames

TRIAL = "The spray did not help children with autism. Nurses gave it."


def framed(claim, text):
    """The words of a claim that stand for another of the text, with that."""
    words = tuple(read(claim).content)
    shares, instead = frames(words, read(text), Lexis())
    return {
        word.text: other.text
        for word, share, other in zip(words, shares, instead, strict=True)
        if other and share >= 0.6
    }


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The spray did not help adults with autism.", {"adults": "children"}),
        ("The spray did not help children with asthma.", {"asthma": "autism"}),
        ("The spray did not help children with autism.", {}),
        ("Hospitals trained a model together.", {}),
    ],
)
def test_a_word_among_the_texts_own_stands_for_the_one_that_they_surround(claim, expected):
    assert framed(claim, TRIAL) == expected


def test_the_frame_is_the_share_of_the_neighbours_by_their_distance():
    words = tuple(read("Needles guide Okafor").content)
    shares, instead = frames(words, read("Needles guide Moreau"), Lexis())
    near, far = math.exp(-1 / 2), math.exp(-2 / 2)
    assert shares[2] == pytest.approx((near + far) / (near + far + 0.3))
    assert instead[2].text == "Moreau"


def test_nothing_stands_for_anything_in_an_empty_text():
    assert frames(tuple(read("Needles guide").content), read(""), Lexis())[1] == (None, None)
