import pytest

from service.verification.comparing import agrees
from service.verification.quantities import quantities


def read(text):
    """Each number of a text: low end, high end, kind."""
    return [(quantity.low, quantity.high, quantity.kind) for quantity in quantities(text)]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("an AUC of .93", [(0.93, 0.93, "number")]),
        ("1,204 records", [(1204, 1204, "number")]),
        ("36-70% lower", [(36, 70, "percent")]),
        ("36 to 70 percent", [(36, 70, "percent")]),
        ("between 2019 and 2025", [(2019, 2025, "year")]),
        ("3 and 4 patients", [(3, 3, "number"), (4, 4, "number")]),
        ("fell from 0.99 to 0.90", [(0.99, 0.99, "number"), (0.90, 0.90, "number")]),
        ("12 percentage points", [(12, 12, "points")]),
        ("a 3D map", [(3, 3, "dimension")]),
        ("a two-dimensional map", [(2, 2, "dimension")]),
        ("fifty-seven studies", [(57, 57, "number")]),
        ("1.5 million scans", [(1_500_000, 1_500_000, "number")]),
        ("three quarters of them", [(0.75, 0.75, "share")]),
        ("one in four", [(0.25, 0.25, "share")]),
        ("seven times out of ten", [(0.7, 0.7, "share")]),
        ("half a percent", [(0.5, 0.5, "percent")]),
        ("the 19th century", [(19, 19, "number")]),
        ("the 19th patient", []),
        ("24/7 support", []),
        ("a third party", []),
        ("one of the readers", []),
        ("GPT-4 and Y90", []),
        ("Table 3", []),
    ],
)
def test_numbers_are_read(text, numbers):
    assert read(text) == numbers


def test_lengths_and_times_have_one_unit_each():
    [centimetre] = quantities("1 cm")
    [millimetres] = quantities("10 mm")
    assert (centimetre.low, centimetre.unit) == (millimetres.low, millimetres.unit) == (10, "mm")


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("over 425,000", "425,148"),
        ("about 425,000", "425,148"),
        ("more than 400,000", "425,148"),
        ("about 80 %", "80.35%"),
        ("nearly 60", "57"),
        ("93%", "0.93"),
        ("at least 80%", "80.35%"),
        ("36 to 70 percent", "36-70%"),
        ("up to 70%", "36-70%"),
        ("more than a third", "36-70%"),
        ("three quarters", "75%"),
        ("nearly half", "49%"),
        ("three in four", "75%"),
        ("more than seven out of ten", "72%"),
        ("12 months", "1 year"),
        ("three-dimensional", "3D"),
        ("two", "2"),
    ],
)
def test_a_reader_would_let_it_pass(claim, text):
    assert agrees(quantities(claim)[0], quantities(text)[0])


@pytest.mark.parametrize(
    ("claim", "text"),
    [
        ("1958", "1598"),
        ("60", "57"),
        ("more than half", "50%"),
        ("more than 500,000", "425,148"),
        ("nearly 50", "57"),
        ("70%", "36-70%"),
        ("50-90%", "36-70%"),
        ("93 patients", "0.93"),
        ("6 months", "6 weeks"),
        ("two-dimensional", "3D"),
        ("2024", "2025"),
    ],
)
def test_a_reader_would_not_let_it_pass(claim, text):
    assert not agrees(quantities(claim)[0], quantities(text)[0])
