import json

import pytest

from service.presentation import passage
from tests.web.conftest import QUESTION, ROW

CITING = "What did Odisio et al evaluate?"


def answer_of(client, question):
    return client.post("/v1/answer", json={"question": question, "compose": "extractive", "top_k": 6}).json()


def text_of(client, document):
    return client.get(f"/v1/documents/{document}/text").content.decode()


def marked(page, selector):
    return " ".join(page.eval_on_selector_all(selector, "all => all.map(each => each.textContent)"))


def test_a_citation_opens_its_document_with_exactly_its_words_lit(page, visit, ask, client):
    visit()
    ask(QUESTION)
    citation = answer_of(client, QUESTION)["citations"][0]
    page.click(".body .chip[data-n='1']")
    page.wait_for_selector("mark.answer")
    assert page.locator(".reading-head h3").inner_text() == citation["document"]["title"]
    text = text_of(client, citation["document"]["id"])
    assert marked(page, "mark.answer") == citation["cited_text"]
    assert marked(page, "mark.answer") == " ".join(text[start:end] for start, end in citation["spans"])
    passage = next(p for p in answer_of(client, QUESTION)["passages"] if p["id"] == citation["passage_id"])
    assert "".join(page.locator(".text mark").all_text_contents()) == passage["cited_text"]
    box = page.locator("mark.answer").first.bounding_box()
    assert 0 < box["y"] < 900
    assert page.locator(".chip[aria-current]").first.inner_text() == "1"
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.n") == "1"


def test_every_character_of_a_document_is_on_the_page(page, visit, ask, client):
    visit()
    for question, document in ((QUESTION, "hmp"), (ROW, "lim")):
        ask(question)
        page.click(".turn:last-child .body .chip")
        page.wait_for_selector(".text")
        page.eval_on_selector(".text .note", "note => note.remove()")
        shown = page.locator(".text").text_content()
        assert "".join(shown.split()) == "".join(_without_rules(text_of(client, document)).split())


def _without_rules(text):
    return "\n".join(line for line in text.splitlines() if line.strip("- ") or not line.strip())


def test_a_table_row_is_lit_in_its_table_under_its_headers(page, visit, ask, client):
    visit()
    ask(ROW)
    citation = answer_of(client, ROW)["citations"][0]
    page.click(".body .chip[data-n='1']")
    page.wait_for_selector("tr.lit")
    assert marked(page, "tr.lit") == citation["cited_text"]
    headers = page.locator("table:has(tr.lit) thead th").all_inner_texts()
    assert headers[:2] == ["Organ", "Scan Type"]
    visible = (
        "row => { const box = row.getBoundingClientRect(); return box.top > 0 && box.bottom < innerHeight; }"
    )
    assert page.eval_on_selector("tr.lit", visible)
    assert page.eval_on_selector("table:has(tr.lit) thead", visible)
    read = dict(
        zip(
            page.locator(".note dt").all_inner_texts(),
            page.locator(".note dd").all_inner_texts(),
            strict=True,
        )
    )
    assert read == citation["table"]["row"]


LIT = """() => {
    const all = (selector) => [...document.querySelectorAll(selector)];
    const [row, head, table, pane] = ["tr.lit", "table:has(tr.lit) thead", ".table:has(tr.lit)", ".pane"]
        .map((selector) => all(selector)[0].getBoundingClientRect());
    return {
        lit: all("tr.lit").map((row) => row.textContent),
        words: all("tr.lit td").map((cell) => cell.dataset.above ?? cell.innerText),
        marked: all(".text mark").map((mark) => mark.textContent),
        shown: row.top >= head.bottom - 1 && row.bottom <= Math.min(table.bottom, pane.bottom) + 1,
        fits: row.right <= table.right,
    };
}"""


@pytest.mark.parametrize("label", ["Table 1", "Table 2", "Table 3", "Table 4"])
def test_of_every_table_row_just_the_row_with_its_own_values_is_lit_and_in_view(
    page, visit, ask, client, generation, label
):
    """A row that inherits merged cells has spans in the rows above, which other studies stand in."""
    rows = [each for each in generation.passages if each.table and (each.caption or "").startswith(label)]
    body = answer_of(client, ROW) | {"citations": [], "sentences": []}
    body["passages"] = [passage(generation, each).model_dump(mode="json") for each in rows]
    text = text_of(client, "lim")
    page.route(
        "**/v1/answer", lambda route: route.fulfill(content_type="text/event-stream", body=_stream(body))
    )
    visit()
    ask(ROW)
    assert len(rows) >= 13
    for number, each in enumerate(body["passages"], start=1):
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_selector(f".evidence-head h2:has-text('{number} of ')")
        page.wait_for_selector(".reading:not([aria-busy]) tr.lit")
        seen = page.evaluate(LIT)
        *merged, own = (text[start:end] for start, end in each["spans"])
        assert seen["lit"] == [own]
        assert seen["marked"] == merged
        assert seen["shown"], each["table"]
        assert seen["fits"], "a column is out of sight"


def test_a_lit_row_shows_the_merged_cells_that_it_inherits(page, visit, ask, client):
    asked = "Which study spared prostate biopsies compared to PI-RADS?"
    visit()
    ask(asked)
    citations = answer_of(client, asked)["citations"]
    rows = {each["n"]: each["table"]["row"] for each in citations if each["table"]}
    n, row = next((n, row) for n, row in rows.items() if row.get("Author and Year") == "Schrader et al 2024")
    assert list(row.values())[:2] == ["Genitourinary and Gynecologic", "MRI"]
    page.click(f".body .chip[data-n='{n}']")
    page.wait_for_selector("tr.answer")
    assert page.evaluate(LIT)["words"] == list(row.values())


def test_the_studies_that_a_passage_cites_have_their_links(page, visit, ask, client):
    visit()
    ask(CITING)
    body = answer_of(client, CITING)
    citation = next(c for c in body["citations"] if c["references"])
    page.click(f".body .chip[data-n='{citation['n']}']")
    page.wait_for_selector(".studies-list li")
    reference = citation["references"][0]
    assert reference["text"] in page.locator(".studies-list").inner_text()
    link = page.locator(".studies-list a").first
    assert link.get_attribute("href") == reference["url"]
    assert link.get_attribute("rel") == "noopener noreferrer"
    assert page.locator(".studies .study").first.inner_text() == "Odisio 2025"


def test_an_entry_of_the_bibliography_is_cited_as_itself(page, visit, ask, client):
    asked = "Which reference is about ChatGPT for breast tumor boards?"
    visit()
    ask(asked)
    body = answer_of(client, asked)
    citation, entry = next(
        (citation, found["references"][0])
        for citation in body["citations"]
        for found in body["passages"]
        if found["id"] == citation["passage_id"] and found["kind"] == "reference"
    )
    source = page.locator(f".sources li:has([data-n='{citation['n']}'])").inner_text()
    assert f"References › entry {entry['number']}, " in source
    assert "citing" not in source
    page.click(f".body .chip[data-n='{citation['n']}']")
    page.wait_for_selector(".note")
    assert page.locator(".note .address a").get_attribute("href") == entry["url"]
    assert page.locator(f".note [aria-label='Copy entry {entry['number']} as BibTeX']").is_visible()


def test_markers_without_an_entry_are_said_to_lead_nowhere(page, visit, ask):
    visit()
    ask("Can AI distinguish TACE-susceptible from TACE-refractory cases?")
    page.click(".body .chip")
    page.wait_for_selector(".note")
    assert "lead nowhere" in page.locator(".note").inner_text()


def test_the_keyboard_goes_through_the_evidence(page, visit, ask):
    visit()
    ask(QUESTION)
    count = page.locator(".cards li").count()
    for expected in ("1", "2"):
        page.keyboard.press("Alt+ArrowDown")
        page.wait_for_selector(f".evidence-head h2:has-text('{expected} of {count}')")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    page.wait_for_selector(f".evidence-head h2:has-text('{count} of {count}')")
    assert page.evaluate("document.activeElement.id") == "question"


def test_scores_are_shown_by_name_on_request(page, visit, ask):
    visit()
    ask(QUESTION)
    assert not page.locator(".scores").first.is_visible()
    page.click("text=Scores")
    shown = page.locator(".scores").first.inner_text()
    assert all(name in shown for name in ("total", "dense", "lexical", "late"))


def test_offsets_count_code_points_also_beyond_the_basic_plane(page, visit, ask, client):
    body = answer_of(client, QUESTION)
    text = "𝒳 😀 before. The **answer** 𝒴 stands^{1,2} here. After 😀."
    start, end = text.index("The"), text.index(" After")
    for part in (body["passages"][0], body["citations"][0]):
        part.update(cited_text=text[start:end], spans=[[start, end]])
    body["passages"][0]["highlights"] = []
    document = body["citations"][0]["document"]["id"]
    page.route(
        "**/v1/answer", lambda route: route.fulfill(content_type="text/event-stream", body=_stream(body))
    )
    page.route(f"**/v1/documents/{document}/text", lambda route: route.fulfill(body=f"{text}\n"))
    visit()
    ask(QUESTION)
    page.click(".body .chip")
    page.wait_for_selector("mark.answer")
    assert marked(page, "mark.answer") == text[start:end]
    assert page.locator("mark.answer").inner_text() == "The answer 𝒴 stands1,2 here."


def test_a_document_that_has_changed_shows_the_words_that_were_cited(page, visit, ask):
    page.route("**/v1/documents/*/text", lambda route: route.fulfill(body="Another text."))
    visit()
    ask(QUESTION)
    page.click(".body .chip")
    page.wait_for_selector(".reading blockquote")
    assert "has changed" in page.locator(".reading .away").inner_text()
    assert page.locator(".reading mark").count() == 0


def test_a_card_begins_near_what_answers_where_that_stands_far_down(page, visit, ask, client):
    body = answer_of(client, QUESTION)
    text = "Before it. " * 60 + "The answer. After it."
    start = text.index("The answer")
    body["passages"][0].update(text=text, text_highlights=[[start, start + 11]], table=None)
    page.route(
        "**/v1/answer", lambda route: route.fulfill(content_type="text/event-stream", body=_stream(body))
    )
    visit()
    ask(QUESTION)
    card = page.locator(".card-text").first
    assert card.inner_text().startswith("… ")
    assert card.locator("mark").inner_text() == "The answer."
    assert card.locator("mark").bounding_box()["y"] < card.bounding_box()["y"] + card.bounding_box()["height"]


def _stream(body):
    return f"event: done\ndata: {json.dumps({'sequence_number': 0, **body})}\n\n"
