"""Orders and markup in documents and in a language model's output, in a real browser: they stay text."""

import pytest

from ingest.build import build
from tests.injections import FACT, QUESTION, cases, hostile_corpus
from tests.service.answers.scripted_llm import says
from tests.web.conftest import all_requests

# What runs, loads, embeds or leads away.
FOREIGN = "img, iframe, object, embed, form[action], base, link[href^='http'], script:not([src^='/static/'])"


@pytest.fixture(scope="module")
def hostile_index(tmp_path_factory):
    """An index of documents that give orders."""
    folder = tmp_path_factory.mktemp("hostile")
    build(hostile_corpus(folder / "corpus"), folder / "index", "all-MiniLM-L6-v2", lambda *_: None)
    return folder / "index"


@pytest.fixture
def obeying(serve, llm, hostile_index):
    """A service over these documents with a language model that does what it is told."""
    return serve(index=hostile_index, llm_base_url=llm.base_url, llm_model="scripted", llm_timeout=10.0)


def check(page, made, address):
    assert page.locator(FOREIGN).count() == 0
    assert page.locator("a[href^='javascript'], a[href*='evil.example'], [onload], [onerror]").count() == 0
    assert [url for url in made if not url.startswith((address, "data:"))] == []


def test_what_a_model_writes_is_shown_as_text_and_leads_nowhere(page, visit, ask, obeying, llm):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    with all_requests(page) as made:
        visit(base=obeying.address)
        title = page.title()
        for case in cases("output"):
            llm.will(says(f"{case.text} {FACT} [1]."))
            ask(f"{QUESTION} ({case.id})")
            check(page, made, obeying.address)
            assert "42 patients" in page.locator(".turn").last.inner_text()
    assert dialogs == []
    assert page.title() in (title, QUESTION) or page.title().startswith("How many patients")


def test_what_a_document_says_is_shown_as_text_and_leads_nowhere(page, visit, ask, obeying, llm):
    llm.will(says("CANNOT_ANSWER"))
    with all_requests(page) as made:
        visit(base=obeying.address)
        for case in cases("document"):
            ask(f"{QUESTION} {case.text}"[:1500])
            check(page, made, obeying.address)
        page.locator(".body .chip").first.click()
        page.wait_for_selector(".reading")
        check(page, made, obeying.address)
