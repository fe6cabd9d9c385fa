import pytest

from tests.web.conftest import QUESTION
from tests.web.test_access import check


def busy(page, times, *, status=429, code="too_many_requests", after="1"):
    """Answer the first questions with a refusal for now; the list grows by one with each question."""
    asked = []

    def answer(route):
        asked.append(route.request.post_data_json["question"])
        if len(asked) > times:
            return route.fallback()
        body = {"title": "Busy", "status": status, "detail": "later", "code": code}
        headers = {"Retry-After": after, "Content-Type": "application/problem+json"}
        return route.fulfill(status=status, headers=headers, json=body)

    page.route("**/v1/answer", answer)
    return asked


def send(page):
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")


@pytest.mark.parametrize(("status", "code"), [(429, "too_many_requests"), (503, "overloaded")])
def test_a_busy_service_is_asked_again_when_it_says_so(page, visit, status, code):
    visit()
    asked = busy(page, 1, status=status, code=code)
    send(page)
    page.wait_for_selector(".busy:has-text('Asking again in 1 s')")
    assert page.locator("#said").inner_text() == "Needle is busy. The question is asked again in 1 second."
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    assert asked == [QUESTION, QUESTION]
    assert page.locator(".busy").count() == 0


def test_a_wait_can_be_cut_short_or_stopped(page, visit):
    visit()
    asked = busy(page, 2, after="50")
    send(page)
    page.wait_for_selector(".busy")
    check(page)
    page.click(".busy button")
    page.wait_for_selector(".busy:has-text('50 s')")
    page.keyboard.press("Escape")
    page.wait_for_selector(".stopped")
    assert len(asked) == 2
    page.click(".stopped button")
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    assert page.locator(".turn").count() == 1


def test_an_index_that_is_not_there_is_not_waited_for(page, visit):
    visit()
    busy(page, 1, status=503, code="index_missing", after="1")
    send(page)
    page.wait_for_selector(".failure h3:has-text('The index is not there yet')")
