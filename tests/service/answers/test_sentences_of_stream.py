import pytest

from service.answers.sentences_of_stream import CitingSentence, SentenceStream


def read(text: str, size: int = 3, given: range = range(1, 6), **options: bool):
    """What is shown of a text that comes in pieces of `size`, and its sentences."""
    stream = SentenceStream(given)
    shown, sentences = "", []
    for start in range(0, len(text), size):
        more, whole = stream.feed(text[start : start + size])
        shown, sentences = shown + more, sentences + whole
    more, whole = stream.finish(**options)
    return shown + more, [(sentence.text, sentence.numbers) for sentence in sentences + whole]


SENTENCES = [
    ("It cut the margin [1].", [("It cut the margin.", (1,))]),
    ("It cut the margin. [1] It was safe. [2]", [("It cut the margin.", (1,)), ("It was safe.", (2,))]),
    ("It cut the margin.[1][2] It was safe [3].", [("It cut the margin.", (1, 2)), ("It was safe.", (3,))]),
    ("It cut [1, 3] the margin [2-4].", [("It cut the margin.", (1, 3, 2, 4))]),
    ("It cut the margin [Passage 2].", [("It cut the margin.", (2,))]),
    ("It cut the margin 【2】.", [("It cut the margin.", (2,))]),
    ("It cut the margin [9].", [("It cut the margin.", ())]),
    ("It cut the margin [2, 9, 0].", [("It cut the margin.", (2,))]),
    ("Odisio et al. used CT vs. MRI [1]. Why?", [("Odisio et al. used CT vs. MRI.", (1,)), ("Why?", ())]),
    (
        "The AUC was 0.93 [2]. In 2.5 % it failed [1].",
        [("The AUC was 0.93.", (2,)), ("In 2.5 % it failed.", (1,))],
    ),
    ("- One [1]\n- Two [2]\n\n1. Three", [("One", (1,)), ("Two", (2,)), ("Three", ())]),
    ("**TACE** [1] is [a] treatment.", [("TACE is [a] treatment.", (1,))]),
    ("It cut the margin [1] , and was safe .", [("It cut the margin, and was safe.", (1,))]),
    ("[1]", []),
    ("", []),
]


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(("text", "sentences"), SENTENCES)
def test_sentences_come_with_their_numbers_however_the_text_is_cut(text, sentences, size):
    assert read(text, size)[1] == sentences


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It cut the margin [1]. So.", "It cut the margin [1]. So."),
        ("It cut the margin [9]. So.", "It cut the margin. So."),
        ("It cut [1, 9] it【3】.", "It cut [1] it [3]."),
        ("In [brackets] and [not closed", "In [brackets] and [not closed"),
        ("One.\n\nTwo.  \n", "One.\n\nTwo."),
    ],
)
def test_markers_that_name_nothing_are_never_shown(text, shown, size):
    assert read(text, size)[0] == shown


def test_a_sentence_comes_as_soon_as_the_next_one_begins():
    stream = SentenceStream(range(1, 3))
    assert stream.feed("It cut the margin. [1]")[1] == []
    assert stream.feed(" It")[1] == [CitingSentence("It cut the margin.", (1,))]


@pytest.mark.parametrize(
    ("text", "kept"),
    [("It did [1]. Among 108 pat", ["It did."]), ("It did [1].", ["It did."]), ("Among", [])],
)
def test_a_sentence_that_was_cut_short_is_left_out(text, kept):
    assert [sentence for sentence, _ in read(text, cut_short=True)[1]] == kept
