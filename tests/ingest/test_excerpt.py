"""Readable text, and the way back from each of its stretches to the verbatim one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.excerpt import read_excerpt


def whole(text: str, markers=()):
    return read_excerpt(text, [(0, len(text))], markers)


def span_of(words: str, text: str) -> tuple[int, int]:
    return text.index(words), text.index(words) + len(words)


# What a person reads


@pytest.mark.parametrize("blank", [" ", "  ", "\n", "\r\n", " \t\n ", "\u00a0"])
def test_white_space_is_folded_to_one_blank(blank):
    assert whole(f"targeted{blank}therapy").text == "targeted therapy"


def test_blanks_at_both_ends_are_left_out():
    assert whole("  therapy \n").text == "therapy"


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("the *Sim2Real* gap", "the Sim2Real gap"),
        ("(**Table 2**)", "(Table 2)"),
        ("***Advanced Image Analysis***", "Advanced Image Analysis"),
        ("**Author:** Rasit Dinc", "Author: Rasit Dinc"),
        (r"**\* Virtual Biopsy:** radiomics", "Virtual Biopsy: radiomics"),
        ("([Table 2](#)).", "(Table 2)."),
        ("[10.5281/1](https://doi.org/10.5281/1)", "10.5281/1"),
        ("<https://rasitdinc.com>", "https://rasitdinc.com"),
    ],
)
def test_markdown_is_not_read(printed, read):
    assert whole(printed).text == read


@pytest.mark.parametrize("printed", ["2 * 3 = 6", "a*b", "5*3", "p < 0.05", "<script>"])
def test_what_only_looks_like_markdown_is_read(printed):
    assert whole(printed).text == printed


def test_markers_are_not_read():
    text = "few patients.¹ Then more."
    assert whole(text, [span_of("¹", text)]).text == "few patients. Then more."


def test_fragments_are_joined_by_one_blank():
    text = "allowing for\n\n\n\ntargeted therapy"
    assert read_excerpt(text, [(0, 12), (16, 32)]).text == "allowing for targeted therapy"


def test_combining_marks_emoji_and_right_to_left_letters_are_kept():
    text = "cafe\u0301 👩🏽‍⚕️ עברית"
    assert whole(text).text == text


# The way back


def test_each_character_knows_where_it_stands():
    text = "a *b*\n c"
    excerpt = whole(text)
    assert (excerpt.text, excerpt.offsets) == ("a b c", (0, 1, 3, 5, 7))


def test_the_blank_between_two_fragments_stands_nowhere():
    assert read_excerpt("a\n\nb", [(0, 1), (3, 4)]).offsets == (0, -1, 3)


def test_the_span_of_a_word_is_the_word():
    excerpt = whole("one two three")
    assert excerpt.spans(4, 7) == ((4, 7),)


def test_a_stretch_across_fragments_has_a_span_in_each(verbatim):
    text = "such as SPIRIT-AI,\n\nCONSORT-AI, and others"
    excerpt = read_excerpt(text, [(0, 18), (20, len(text))])
    start, end = span_of("SPIRIT-AI, CONSORT-AI", excerpt.text)
    assert verbatim(text, excerpt.spans(start, end)) == ["SPIRIT-AI,", "CONSORT-AI"]


def test_a_stretch_across_touching_fragments_has_a_span_in_each():
    assert read_excerpt("one two", [(0, 4), (4, 7)]).spans(0, 7) == ((0, 3), (4, 7))


def test_a_sentence_keeps_the_marker_behind_it(verbatim):
    text = "It is safe.^{1,2} It is quick."
    excerpt = whole(text, [span_of("^{1,2}", text)])
    assert verbatim(text, excerpt.spans(*span_of("It is safe.", excerpt.text))) == ["It is safe.^{1,2}"]


def test_a_sentence_does_not_take_the_marker_of_the_one_before_it(verbatim):
    text = "It is safe.^{1,2} It is quick."
    excerpt = whole(text, [span_of("^{1,2}", text)])
    assert verbatim(text, excerpt.spans(*span_of("It is quick.", excerpt.text))) == ["It is quick."]


def test_a_sentence_keeps_its_emphasis(verbatim):
    text = "Yes. **It is safe.** It is quick."
    excerpt = whole(text)
    assert verbatim(text, excerpt.spans(*span_of("It is safe.", excerpt.text))) == ["**It is safe.**"]


def test_a_marker_inside_a_stretch_stays_in_its_span(verbatim):
    text = "healthcare^{59,60}, the incorporation"
    excerpt = whole(text, [span_of("^{59,60}", text)])
    assert verbatim(text, excerpt.spans(0, len(excerpt.text))) == [text]


MARKDOWN = st.lists(
    st.sampled_from(["a", "b", " ", "\n", "*", "**", "\\*", "[x](y)", "<https://z>", "¹", "é", "👍"]),
    max_size=12,
)


@settings(deadline=None, derandomize=True, database=None)
@given(MARKDOWN.map("".join) | st.text(max_size=40))
def test_every_readable_character_is_the_one_at_its_offset(text):
    excerpt = whole(text)
    assert [text[o] for c, o in zip(excerpt.text, excerpt.offsets, strict=True) if c != " "] == [
        c for c in excerpt.text if c != " "
    ]


@settings(deadline=None, derandomize=True, database=None)
@given(MARKDOWN.map("".join), st.data())
def test_the_spans_of_a_stretch_hold_its_letters_and_no_others(text, data):
    excerpt = whole(text)
    start = data.draw(st.integers(0, len(excerpt.text)))
    end = data.draw(st.integers(start, len(excerpt.text)))
    left_out = {offset for first, last in excerpt.elided for offset in range(first, last)}
    offsets = [
        o for first, last in excerpt.spans(start, end) for o in range(first, last) if o not in left_out
    ]
    letters = [text[offset] for offset in offsets if not text[offset].isspace()]
    assert letters == [character for character in excerpt.text[start:end] if character != " "]
