import re

from tests.service.answers.scripted_llm import chunk, never_ends, refuses, says
from tests.web.conftest import QUESTION, UNANSWERABLE, all_requests

TRUE = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"
FALSE = "The COVER-ALL trial enrolled 7,431 patients with kidney tumors"


def answer_of(client, question=QUESTION, **fields):
    return client.post(
        "/v1/answer", json={"question": question, "compose": "extractive", "top_k": 6, **fields}
    ).json()


def statements(page):
    return [text.strip() for text in page.locator(".turn:last-child .statement").all_inner_texts()]


def test_an_answer_has_every_sentence_with_its_citations(page, visit, ask, client):
    visit()
    ask(QUESTION)
    body = answer_of(client)
    assert page.locator(".turn h2").inner_text() == QUESTION
    for shown, sentence in zip(statements(page), body["sentences"], strict=True):
        assert shown.startswith(sentence["text"])
        assert [int(n) for n in re.findall(r"\d+", shown.removeprefix(sentence["text"]))] == sentence[
            "citations"
        ]
    assert page.locator(".sources li").count() == len(body["citations"])
    assert page.locator(".cards li").count() == len(body["passages"])
    assert page.locator(".reason").count() == 0


def test_an_example_asks_and_every_example_has_an_answer(page, visit, client):
    visit()
    examples = page.locator("#examples button").all_inner_texts()
    assert len(examples) >= 4
    assert [question for question in examples if answer_of(client, question)["abstained"]] == []
    page.click("#examples button")
    assert page.locator(".turn h2").inner_text() == examples[0]


def test_no_request_leaves_the_machine(page, visit, ask, client):
    with all_requests(page) as made:
        visit()
        ask(QUESTION)
        page.click(".body .chip")
        page.wait_for_selector("mark.answer")
    assert made
    assert [url for url in made if not url.startswith(str(client.base_url).rstrip("/"))] == []


def test_the_page_is_loaded_in_four_requests(page, client):
    with all_requests(page) as made:
        page.goto(f"{client.base_url}", wait_until="load")
    files = [url.rpartition("/")[2] for url in made if "/v1/" not in url]
    assert sorted(files) in (["", "icon.svg", "page.css", "page.js"], ["", "page.css", "page.js"])


def test_a_long_question_is_folded_above_its_answer(page, visit, ask):
    visit()
    ask("What did the COVER-ALL trial compare, in patients with liver tumors? " * 12)
    heading = page.locator(".turn h2")
    folded = heading.bounding_box()["height"]
    assert folded < 130
    page.click("text=Whole question")
    assert heading.bounding_box()["height"] > 2 * folded
    page.click("text=Fold")
    assert heading.bounding_box()["height"] == folded


def test_shift_enter_breaks_the_line_and_the_box_grows(page, visit):
    visit()
    low = page.locator("#question").bounding_box()["height"]
    page.type("#question", "One")
    page.press("#question", "Shift+Enter")
    page.type("#question", "Two")
    assert page.input_value("#question") == "One\nTwo"
    assert page.locator("#question").bounding_box()["height"] > low
    assert page.locator(".turn").count() == 0


def test_an_empty_question_is_not_asked(page, visit):
    visit()
    page.fill("#question", "  \n ")
    page.press("#question", "Enter")
    assert page.locator(".turn").count() == 0


def test_an_abstention_is_an_answer_with_the_nearest_passages(page, visit, ask, client):
    visit()
    ask(UNANSWERABLE)
    assert page.locator(".abstention").inner_text() == answer_of(client, UNANSWERABLE)["answer"]
    assert page.locator(".failure").count() == 0
    near = answer_of(client, UNANSWERABLE)["passages"][0]["document"]["title"]
    hint = page.locator(".hint").inner_text()
    assert near.split(": ")[0] in hint
    assert hint.endswith("They are best asked in the language that they are written in.")
    page.locator(".near-one").first.click()
    page.wait_for_selector(".reading .lit, .reading mark")


def test_a_follow_up_is_searched_for_as_what_it_means(page, visit, ask):
    visit()
    ask(QUESTION)
    ask("Was it safe?")
    assert "COVER-ALL" in page.locator(".turn:last-child .standalone q").inner_text()
    page.click(".turn:last-child .standalone button")
    page.wait_for_selector(".turn:last-child[aria-busy=false] .actions")
    assert page.locator(".turn:last-child .standalone").count() == 0


def test_a_question_that_was_not_answered_goes_along_without_an_answer(page, visit, ask):
    visit()
    ask(UNANSWERABLE)
    with page.expect_request("**/v1/answer") as second:
        ask(QUESTION)
    assert second.value.post_data_json["history"] == [{"role": "user", "content": UNANSWERABLE}]
    answer = page.locator(".turn:last-child .statement").all_inner_texts()
    with page.expect_request("**/v1/answer") as third:
        ask("Was it safe?")
    history = third.value.post_data_json["history"]
    assert [message["role"] for message in history] == ["user", "user", "assistant"]
    assert answer[0].startswith(history[2]["content"][:60])


def test_a_question_that_says_it_all_is_not_said_to_be_searched_as_another(page, visit, ask):
    visit()
    ask(UNANSWERABLE)
    ask("What is radiomics?")
    assert page.locator(".statement").count() >= 1
    assert page.locator(".standalone").count() == 0


def test_a_link_asks_once_and_a_reload_keeps_what_is_there(page, visit, context):
    visit(f"/?q={QUESTION}")
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    shown = page.locator(".turn .body").inner_text()
    with all_requests(page) as made:
        page.reload()
        page.wait_for_selector(".turn[aria-busy=false] .statement")
        page.wait_for_load_state("networkidle")
    assert page.locator(".turn").count() == 1
    assert page.locator(".turn .body").inner_text() == shown
    assert [url for url in made if url.endswith("/v1/answer")] == []


def test_a_filter_restricts_what_is_searched(page, visit, ask, client):
    visit()
    page.click("#filters summary")
    page.check("#filter-documents input[value=lim]")
    page.check("#filter-kinds input[value=table_row]")
    page.keyboard.press("Escape")
    ask("What predicts local tumor progression?")
    assert page.locator(".within").inner_text() == "Only in: Moving the Needle Forward · table rows"
    assert set(page.locator(".card-document").all_inner_texts()) == {"Moving the Needle Forward"}
    assert page.locator(".card dl.row").count() == page.locator(".card").count() > 0


def test_without_a_language_model_there_is_nothing_to_switch(page, visit):
    visit()
    assert page.locator("#compose").is_hidden()


def test_a_composed_answer_marks_what_did_not_verify_and_says_why(page, visit, ask, composing, llm):
    llm.will(says(f"{TRUE} [1]. {FALSE} [1]."))
    visit(base=composing.address)
    assert page.is_checked("#compose input[value=llm]")
    ask(QUESTION)
    assert page.locator(".prose .sentence").first.inner_text().startswith(TRUE)
    assert page.locator(".unsupported .claim").inner_text() == f"{FALSE}."
    assert "scripted" in page.locator(".manner").inner_text()
    tip = page.locator(".tip")
    assert not tip.is_visible()
    page.hover(".flag")
    assert tip.is_visible()
    assert tip.bounding_box()["width"] > 200
    page.hover("#question")
    page.focus("#question")
    page.locator(".flag").focus()
    assert "Not supported by its source" in tip.inner_text()
    page.keyboard.press("Escape")
    page.wait_for_selector(".tip", state="hidden")


def test_the_switch_asks_for_the_documents_own_sentences(page, visit, ask, composing, llm):
    llm.will(says(f"{TRUE} [1]."))
    visit(base=composing.address)
    page.check("#compose input[value=extractive]")
    ask(QUESTION)
    assert llm.calls == []
    assert page.locator(".statement").count() >= 1


def test_sentences_appear_while_the_model_still_writes(page, visit, composing, llm):
    llm.will(says(f"{TRUE} [1]. And then {'it went on and on ' * 40}", pause=0.02))
    visit(base=composing.address)
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector(".turn[aria-busy=true] .sentence .chip")
    pending = page.locator(".turn[aria-busy=true] .pending").inner_text()
    assert TRUE not in pending
    # The live region has said that it began, and says nothing of the words that come.
    assert page.locator("#said").inner_text() == "Looking in the documents"
    page.keyboard.press("Escape")


def test_escape_stops_keeps_what_came_and_offers_to_ask_again(page, visit, composing, llm):
    llm.will(never_ends(chunk("and on "), pause=0.05))
    visit(base=composing.address)
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector(".pending:not(:empty)")
    page.keyboard.press("Escape")
    page.wait_for_selector(".stopped")
    assert llm.gone.wait(2.0)
    assert "and on" in page.locator(".body").inner_text()
    assert page.locator("#send").get_attribute("title") == "Ask"
    llm.will(says(f"{TRUE} [1]."))
    page.click(".stopped button")
    page.wait_for_selector(".turn[aria-busy=false] .sentence")
    assert page.locator(".turn").count() == 1


def test_a_model_that_fails_leaves_the_documents_own_sentences_and_the_reason(
    page, visit, ask, composing, llm
):
    llm.will(refuses(500))
    visit(base=composing.address)
    ask(QUESTION)
    assert page.locator(".statement").count() >= 1
    assert "status 500" in page.locator(".reason").inner_text()
    llm.will(says(f"{TRUE} [1]."))
    page.click(".reason button")
    page.wait_for_selector(".prose .sentence")
    assert page.locator(".turn").count() == 1
