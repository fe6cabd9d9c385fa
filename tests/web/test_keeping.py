from tests.service.answers.scripted_llm import chunk, never_ends
from tests.web.conftest import QUESTION, UNANSWERABLE


def copied(page, selector):
    button = page.locator(selector).element_handle()
    button.click()
    for _ in range(100):
        if button.inner_text() == "Copied":
            break
        page.wait_for_timeout(20)
    assert button.inner_text() == "Copied"
    return page.evaluate("navigator.clipboard.readText()")


def titles(page):
    return page.locator(".shelf-open span:first-child").all_inner_texts()


def test_conversations_are_listed_opened_renamed_and_deleted(page, visit, ask):
    visit()
    ask(QUESTION)
    page.click("#new")
    assert page.locator("#welcome").is_visible()
    ask(UNANSWERABLE)
    page.click("#open-shelf")
    assert titles(page) == [UNANSWERABLE, QUESTION]
    page.click(f"text=Rename “{UNANSWERABLE}”")
    page.fill("#shelf-list input", "Geography")
    page.keyboard.press("Enter")
    assert titles(page) == ["Geography", QUESTION]
    page.click(".shelf-open >> nth=1")
    assert page.locator(".turn h2").all_inner_texts() == [QUESTION]
    assert page.locator(".statement").count() >= 1
    page.click("#open-shelf")
    page.click("text=Delete “Geography”")
    page.click("text=Undo")
    assert titles(page) == ["Geography", QUESTION]
    page.click("text=Delete “Geography”")
    page.reload()
    page.click("#open-shelf")
    assert titles(page) == [QUESTION]


def test_a_conversation_deleted_while_it_is_answered_stays_deleted(page, visit, composing, llm):
    llm.will(never_ends(chunk("and on "), pause=0.05))
    visit(base=composing.address)
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector(".pending:not(:empty)")
    page.click(".stopping")
    page.wait_for_selector(".stopped")
    page.click(".stopped button")
    page.wait_for_selector(".pending:not(:empty)")
    page.click("#open-shelf")
    page.click(f"text=Delete “{QUESTION}”")
    assert llm.gone.wait(2.0)
    page.reload()
    page.click("#open-shelf")
    assert titles(page) == []


def test_the_page_works_where_nothing_can_be_kept(page, visit, ask):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('denied'); }})"
    )
    visit()
    ask(QUESTION)
    assert page.locator(".statement").count() >= 1


def test_the_oldest_make_way_where_the_room_is_used_up(page, visit, ask):
    visit()
    ask(QUESTION)
    page.evaluate("""() => {
      for (const n of [1, 2, 3, 4]) {
        const old = {id: `old${n}`, title: `old${n}`, updated: n, turns: [], filling: "x".repeat(1_200_000)};
        localStorage[`needle.conversation.${old.id}`] = JSON.stringify(old);
      }
      for (let size = 1 << 19; size > 256; size >>= 1) {
        try { localStorage[`other${size}`] = "x".repeat(size); } catch { /* it is full to this size */ }
      }
    }""")
    ask(UNANSWERABLE)
    page.click("#open-shelf")
    assert QUESTION in titles(page)
    assert "old1" not in titles(page)


def test_an_answer_is_copied_as_text_and_as_markdown_with_its_sources(page, visit, ask, client):
    visit()
    ask(QUESTION)
    body = client.post("/v1/answer", json={"question": QUESTION, "compose": "extractive", "top_k": 6}).json()
    text = copied(page, ".actions >> text=/^Copy$/")
    assert text.startswith(body["answer"])
    assert f"[1] {body['citations'][0]['document']['title']} — Main Findings" in text
    markdown = copied(page, ".actions >> text=Copy Markdown")
    assert markdown.startswith(f"**{QUESTION}**")
    assert f"> {body['citations'][0]['cited_text']}" in markdown


def test_a_citation_is_copied_as_bibtex_and_in_vancouver_style(page, visit, ask):
    visit()
    ask("What is radiomics?")
    page.click(".body .chip")
    assert copied(page, "p.copies >> text=Vancouver") == (
        "Lim HPD, Horton KM, Cohen EI. Moving the Needle Forward: Interventional Oncology in the Era of "
        "Clinical Artificial Intelligence. [date unknown].\n"
    )
    bibtex = copied(page, "p.copies >> text=BibTeX")
    assert bibtex.startswith(
        "@misc{lim,\n  author = {Hwa-Pyung David Lim and Keith M. Horton and Emil I. Cohen},"
    )
    entry = copied(page, ".studies-list li >> nth=0 >> text=BibTeX")
    assert entry.startswith("@misc{lim-13,\n  note = {")  # two entries, printed as one
    assert "doi = {10." in entry
    entry = copied(page, ".studies-list li >> nth=1 >> text=BibTeX")
    assert entry.startswith("@article{lim-14,\n  author = {Najjar, R.},\n  title = {{Redefining Radiology: ")
    assert "journal = {Diagnostics},\n  year = {2023},\n  volume = {13},\n  number = {17}" in entry


def test_a_document_is_cited_with_its_publisher(page, visit, ask, client):
    visit()
    ask(QUESTION)
    page.click(".body .chip >> nth=0")
    assert client.get("/v1/documents/hmp").json()["publisher"] == "HMP Global"
    assert "Year in Review. HMP Global; " in copied(page, "p.copies >> text=Vancouver")


def test_a_link_to_a_question_asks_it(page, visit, ask, context):
    visit()
    ask(QUESTION)
    address = copied(page, ".actions >> text=Copy link")
    other = context.new_page()
    other.goto(address)
    other.wait_for_selector(".turn[aria-busy=false] .statement")
    assert other.locator(".turn h2").inner_text() == QUESTION
