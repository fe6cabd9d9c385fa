"""Which documents a question speaks of."""

import pytest

from ingest.records import Document
from service.retrieval.sources import Sources


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


@pytest.mark.parametrize(
    ("question", "nameless"),
    [
        ("How do Lim et al. and Dinc differ on needles?", "How do and differ on needles?"),
        ("Unlike Dinc's, what does the 2017 article say?", "Unlike , what does say?"),
        ("According to Lim and colleagues, is it safe?", ", is it safe?"),
        ("Is the limb affected?", "Is the limb affected?"),
    ],
)
def test_a_question_without_the_names_of_documents(sources, question, nameless):
    assert sources.without_names(question) == nameless


def test_a_name_that_many_documents_share_names_none_of_them():
    documents = {
        f"d{n}": Document(f"d{n}", "d.txt", "0", f"Robots, part {n}", "", authors=("Ann Shared", f"B Own{n}"))
        for n in range(20)
    }
    sources = Sources(documents)
    assert sources.spoken_of("What do Shared and Own7 say?") == ["d7"]
    assert sources.spoken_of("What does Robots, Part 12 say of d3?") == ["d3", "d12"]
    assert sources.spoken_of("What do these documents say?") == []
