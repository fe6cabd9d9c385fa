"""A service that has too much to do: the page says so, waits as long as it is told to, and asks again."""

import contextlib

import httpx

from tests.service.answers.scripted_llm import chunk, never_ends, says
from tests.web.conftest import QUESTION
from tests.web.test_access import check
from tests.web.test_asking import TRUE


def send(page):
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")


def asked(page):
    """Questions that the page sends, in a list that grows."""
    sent = []
    page.on("request", lambda made: "/v1/answer" in made.url and sent.append(made.post_data_json["question"]))
    return sent


@contextlib.contextmanager
def occupied(served, llm):
    """Another person's answer, which takes the one place that the service has while the block lasts."""
    llm.will(never_ends(chunk("and on "), pause=0.05))
    body = {"question": QUESTION, "compose": "llm", "stream": True}
    with (
        httpx.Client(base_url=served.address, trust_env=False, timeout=30) as other,
        other.stream("POST", "/v1/answer", json=body) as response,
    ):
        lines = response.iter_lines()  # as long as this is held, so is the connection
        next(lines)
        yield
    llm.will(says(f"{TRUE} [1]."))


def test_a_service_with_no_place_left_is_asked_again_when_it_says_so(page, visit, serve, llm):
    served = serve(queue=1, llm_base_url=llm.base_url, llm_model="scripted", llm_timeout=10.0)
    visit(base=served.address)
    sent = asked(page)
    with occupied(served, llm):
        send(page)
        page.wait_for_selector(".busy:has-text('Asking again in 1 s')")
        assert (
            page.locator("#said").inner_text() == "Needle is busy. The question is asked again in 1 second."
        )
    page.wait_for_selector(".turn[aria-busy=false] .sentence")
    assert len(sent) >= 2
    assert set(sent) == {QUESTION}
    assert page.locator(".busy, .failure").count() == 0
    assert page.locator(".turn").count() == 1


def test_who_asks_too_often_waits_for_as_long_as_the_service_says(page, visit, serve):
    served = serve(rate_limit=20)  # one in three seconds
    visit(base=served.address)
    sent = asked(page)
    page.fill("#question", QUESTION)
    spend(served, wait=3)
    page.press("#question", "Enter")
    page.wait_for_selector(".busy")
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    assert len(sent) >= 2


def test_a_wait_can_be_cut_short_or_stopped(page, visit, serve):
    served = serve(rate_limit=3)  # one in twenty seconds; opening the page takes two
    visit(base=served.address)
    sent = asked(page)
    spend(served, wait=20)
    send(page)
    page.wait_for_selector(".busy")
    check(page)
    with page.expect_response("**/v1/answer"):
        page.click(".busy button")
    page.keyboard.press("Escape")
    page.wait_for_selector(".stopped")
    assert len(sent) == 2
    assert page.locator(".turn").count() == 1


def spend(served, wait):
    """Ask until nothing may be asked for `wait` seconds, less a part of one."""
    with httpx.Client(base_url=served.address, trust_env=False) as other:
        while other.get("/v1/models").headers.get("Retry-After") != str(wait):
            pass
