from html.parser import HTMLParser

import pytest

from eval.compare import compare
from eval.outcome import Outcome
from eval.report.page import page


@pytest.fixture
def outcome(ask, passage, measured):
    asked = [
        ask("hit", "Dogs bark."),
        ask("miss <script>", "Birds sing at dawn."),
        ask("refused", "Cats purr loudly."),
        ask("no answer", type_="near"),
    ]
    right = [
        [passage("Dogs bark.")],
        [passage("Fish swim.")],
        [passage("Cats purr loudly.")],
        [passage("Cats purr")],
    ]
    wrong = [[passage("Fish swim.")]] * 4
    full = zip(asked, right, (0.9, 0.8, 0.1, 0.7), (False, False, True, False), strict=True)
    first = measured("langchain-rrf", {q: (p, 0.5, None) for q, p in zip(asked, wrong, strict=True)})
    second = measured("full", {q: (p, sure, refused) for q, p, sure, refused in full})
    return Outcome("2026-11-21 05:00 UTC", "all", "a zoo", (first, second), compare(first, second))


class Elements(HTMLParser):
    def __init__(self):
        super().__init__()
        self.opened, self.attributes, self.depth = [], [], []

    def handle_starttag(self, tag, attributes):
        self.opened.append(tag)
        self.attributes += [name for name, _ in attributes]
        if tag != "meta":
            self.depth.append(tag)

    def handle_endtag(self, tag):
        assert self.depth.pop() == tag


def test_the_page_needs_neither_network_nor_script(outcome):
    written = page(outcome)
    elements = Elements()
    elements.feed(written)
    assert not {"script", "link", "img", "iframe", "object", "use", "image"} & set(elements.opened)
    assert not {"src", "href", "srcset", "xlink:href"} & set(elements.attributes)
    assert not [name for name in elements.attributes if name.startswith("on")]
    assert "url(" not in written and "@import" not in written


def test_every_element_is_closed(outcome):
    elements = Elements()
    elements.feed(page(outcome))
    assert elements.depth == []


def test_the_page_shows_misses_with_what_was_found_instead(outcome):
    written = page(outcome)
    misses = written[written.index("Misses, and what") :]
    assert "1 of 3 answerable questions do not have all of their evidence" in misses
    assert "miss &lt;script&gt;?" in misses
    assert "Birds sing at dawn." in misses
    assert "Fish swim." in misses


def test_the_page_shows_wrong_refusals(outcome):
    written = page(outcome)
    assert "Refused, though the documents answer it: 1" in written
    assert "though the documents do not answer it: 1" in written


def test_the_page_shows_the_comparison(outcome):
    written = page(outcome)
    assert "“full” against “langchain-rrf”" in written
    assert "Won by “full”: 2" in written


def test_what_stands_out_is_named_with_the_best_baseline(outcome):
    written = page(outcome)
    assert "66.7%" in written
    assert "langchain-rrf: 0.0%" in written


def test_a_page_without_answerable_questions_shows_the_rest(ask, measured):
    figures = measured("full", {ask("no answer", type_="near"): ([], 0.1, True)})
    written = page(Outcome("now", "test", "a zoo", (figures,)))
    assert "By type of question" not in written
    assert "When the documents do not say" in written
