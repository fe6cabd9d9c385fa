"""Which documents a question speaks of."""

import pytest

from service.sources import Sources


@pytest.fixture(scope="module")
def sources(generation):
    return Sources(generation.documents)


@pytest.mark.parametrize(
    ("question", "spoken_of"),
    [
        ("What does Dinc say of robots?", ["dinc"]),
        ("How do Lim et al. and Dinc differ on needles?", ["lim", "dinc"]),
        ("What did the 2017 article hope for?", ["dinc"]),
        ("What does the Year in Review report?", ["hmp"]),
        ("What do these three documents say of TACE?", ["lim", "dinc", "hmp"]),
        ("Do both articles mention robots?", ["lim", "dinc", "hmp"]),
        ("What is radiomics?", []),
        ("Is the limb affected?", []),
    ],
)
def test_documents_are_known_by_what_people_call_them(sources, question, spoken_of):
    assert sources.spoken_of(question) == spoken_of
