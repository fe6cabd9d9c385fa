import pytest

from ingest.records import Passage, Sentence
from service.answers.evidence import citation, nearest, resting_on

FIRST = "Odisio et al evaluated software for margin assessment during ablation of liver tumors."
SECOND = "The COVER-ALL trial compared it with visual assessment."
THIRD = "No complications were added."


@pytest.fixture
def passage() -> Passage:
    """Three sentences, which stand in their document 100 characters farther on."""
    text, sentences, start = f"{FIRST} {SECOND} {THIRD}", [], 0
    for n, sentence in enumerate((FIRST, SECOND, THIRD)):
        end = start + len(sentence)
        sentences.append(Sentence(start, end, ((start + 100, end + 100),), (n + 1,)))
        start = end + 1
    return Passage(
        "p", "d", "paragraph", text, ((100, 100 + len(text)),), tuple(sentences), references=(1, 2, 3)
    )


@pytest.mark.parametrize(
    ("claim", "places"),
    [
        ("COVER-ALL compared visual assessment.", [1]),
        ("Complications were not added.", [2]),
        ("Odisio evaluated margin software, and complications were not added.", [0, 2]),
        ("Odisio and COVER-ALL compared margin software with visual assessment.", [0, 1]),
        ("Nothing of this.", [0]),
    ],
)
def test_a_claim_rests_on_the_sentences_that_share_its_words(passage, claim, places):
    assert resting_on(claim, passage) == [passage.sentences[n] for n in places]


def test_a_citation_has_the_spans_and_references_of_its_sentences(passage):
    cited = citation(4, passage, ["COVER-ALL compared visual assessment.", "Complications were not added."])
    assert cited.n == 4
    assert cited.spans == passage.sentences[1].spans + passage.sentences[2].spans
    assert cited.references == (2, 3)


def test_a_passage_without_sentences_is_cited_whole(passage):
    whole = Passage("t", "d", "table", "A | B", ((5, 10),), (), references=(7,))
    assert citation(1, whole, ["A"]).spans == ((5, 10),)
    assert citation(1, whole, ["A"]).references == (7,)


def test_the_nearest_passages_share_the_most_words(passage):
    other = Passage("o", "d", "paragraph", "Kidney tumors and ablation.", ((0, 27),), ())
    assert nearest("ablation of kidney tumors", [passage, other], 5) == [1, 0]
    assert nearest("ablation of kidney tumors", [passage, other], 1) == [1]
    assert nearest("something else", [passage, other], 5) == []
