import pytest

from tests.service.answers.scripted_llm import chunk, never_ends
from tests.web.conftest import QUESTION


def send(page):
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")


def test_a_service_killed_in_the_middle_leaves_what_came_and_the_question(
    page, visit, composing, llm, client
):
    llm.will(never_ends(chunk("and on "), pause=0.05))
    visit(base=composing.address)
    send(page)
    page.wait_for_selector(".pending:not(:empty)")
    composing.kill()
    page.wait_for_selector(".failure")
    assert page.locator(".failure h3").inner_text() == "The answer was cut off"
    assert page.locator(".turn h2").inner_text() == QUESTION
    assert "and on" in page.locator(".body").inner_text()
    page.click(".failure button")
    page.wait_for_selector(".failure h3:has-text('cannot be reached')")
    assert "Needle cannot be reached" in page.locator("#availability").inner_text()
    # It comes back, as another process at the same address would.
    page.route("**/v1/answer", lambda route: route.continue_(url=f"{client.base_url}/v1/answer"))
    page.route("**/v1/documents", lambda route: route.continue_(url=f"{client.base_url}/v1/documents"))
    page.route("**/readyz", lambda route: route.fulfill(json={"status": "ready"}))
    page.click("#availability button")
    page.wait_for_selector("#availability p", state="detached")


def test_a_retry_asks_the_same_question(page, visit):
    visit()
    page.route("**/v1/answer", lambda route: route.abort())
    send(page)
    page.wait_for_selector(".failure")
    page.unroute("**/v1/answer")
    page.click(".failure button")
    page.wait_for_selector(".statement")
    assert page.locator(".turn").count() == 1
    assert page.locator(".failure").count() == 0


def test_a_service_without_an_index_says_so_until_there_is_one(page, serve, tmp_path):
    served = serve(index=tmp_path / "none")
    page.goto(served.address)
    page.wait_for_selector("#availability p")
    assert "The index is not there yet" in page.locator("#availability").inner_text()
    send(page)
    page.wait_for_selector(".failure h3:has-text('The index is not there yet')")
    assert page.locator(".turn h2").inner_text() == QUESTION


@pytest.mark.parametrize(
    ("stream", "title"),
    [
        ("", "The answer was cut off"),
        ('event: delta\ndata: {"sequence_number": 0, "text": "Half a', "The answer was cut off"),
        ('event: delta\ndata: {"sequence_number": 0, "text": "Half"}\n\n', "The answer was cut off"),
        (
            'event: error\ndata: {"title": "Needle failed", "detail": "see 12", "status": 500}\n\n',
            "Needle failed",
        ),
    ],
)
def test_a_stream_that_breaks_off_has_a_face(page, visit, stream, title):
    visit()
    page.route("**/v1/answer", lambda route: route.fulfill(content_type="text/event-stream", body=stream))
    send(page)
    page.wait_for_selector(".failure")
    assert page.locator(".failure h3").inner_text() == title


def test_an_answer_that_is_no_json_has_a_face(page, visit):
    visit()
    page.route("**/v1/answer", lambda route: route.fulfill(status=502, body="<h1>Bad gateway</h1>"))
    send(page)
    page.wait_for_selector(".failure h3:has-text('502')")


def test_a_document_that_cannot_be_read_can_be_tried_again(page, visit, ask):
    visit()
    ask(QUESTION)
    page.route("**/v1/documents/*/text", lambda route: route.abort())
    page.click(".body .chip")
    page.wait_for_selector(".reading .failure")
    page.unroute("**/v1/documents/*/text")
    page.click(".reading .failure button")
    page.wait_for_selector("mark.answer")
