from tests.web.conftest import QUESTION
from tests.web.test_access import check


def unauthorized(route):
    body = {"title": "A key is needed", "status": 401, "detail": "send a key", "code": "unauthorized"}
    route.fulfill(status=401, content_type="application/problem+json", json=body)


def locked_with(page, key, pattern="**/v1/**"):
    """Refuse what comes without `key`, as a service does that was given one; the keys that came."""
    came = []

    def answer(route):
        came.append(route.request.headers.get("authorization"))
        route.fallback() if came[-1] == f"Bearer {key}" else unauthorized(route)

    page.route(pattern, answer)
    return came


def enter(page, key):
    page.wait_for_selector("#key[open]")
    page.fill("#key-field", key)
    page.keyboard.press("Enter")


def send(page):
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")


def test_a_key_is_asked_for_once_and_sent_with_every_call(page, client):
    came = locked_with(page, "secret")
    page.goto(str(client.base_url))
    enter(page, "secret")
    page.wait_for_selector("#corpus li")
    assert page.locator("#key[open]").count() == 0
    came.clear()
    send(page)
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    page.click(".body .chip >> nth=0")
    page.wait_for_selector("mark.answer")
    page.reload()
    page.wait_for_selector("#corpus li", state="attached")
    assert set(came) == {"Bearer secret"}
    assert page.evaluate("Object.values(localStorage).join().includes('secret')") is False


def test_a_refused_key_is_said_to_be_and_the_question_goes_on_with_the_right_one(page, visit):
    visit()
    came = locked_with(page, "right", "**/v1/answer")
    send(page)
    page.wait_for_selector("#key[open]")
    assert page.locator("#key .wrong").inner_text() == ""
    check(page)
    enter(page, "wrong")
    page.wait_for_selector("#key .wrong:has-text('was refused')")
    check(page)
    enter(page, "right")
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    assert page.locator(".turn").count() == 1
    assert came == [None, "Bearer wrong", "Bearer right"]


def test_without_the_key_the_question_waits_for_it(page, visit):
    visit()
    locked_with(page, "right", "**/v1/answer")
    send(page)
    page.wait_for_selector("#key[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".failure.calm h3:has-text('asks for a key')")
    check(page)
    page.click(".failure button")
    enter(page, "right")
    page.wait_for_selector(".turn[aria-busy=false] .statement")


def test_a_key_that_no_header_can_hold_is_not_sent(page, visit):
    visit()
    came = locked_with(page, "right", "**/v1/answer")
    send(page)
    enter(page, "clé secrète")
    assert page.locator("#key[open]").count() == 1
    assert came == [None]
