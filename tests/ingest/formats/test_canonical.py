"""What extracted text is cleaned of."""

import pytest

from ingest.formats.canonical import clean


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("B¨onsch and Poincar´e, ¨Uber Moˇzina, na¨ıve", "Bönsch and Poincaré, Über Možina, naïve"),
        ("Crohn´s ˜a third, 90˚angle, 5˚C, ˆy and xˆθ", "Crohn´s ˜a third, 90˚angle, 5˚C, ˆy and xˆθ"),
        ("eﬃcient \U0001d439 = 2", "efficient F = 2"),
        ("soft\u00adhyphen\u200b\x07", "softhyphen"),
    ],
)
def test_letters_are_plain_and_accents_stand_on_their_letters(printed, read):
    assert clean(printed) == read
