"""A service that wants keys, and the page that asks a person for them."""

import pytest
from pydantic import SecretStr

from tests.web.conftest import ADMIN_KEY, QUESTION
from tests.web.test_access import check

KEY = "a-key-for-reading"


@pytest.fixture
def locked(serve):
    """A service that wants a key for reading; the one for writing does as well."""
    return serve(api_keys=SecretStr(f"another-persons-key,{KEY}"), admin_key=SecretStr(ADMIN_KEY))


def headers_of(page):
    """What the page's calls of the API show as their keys, in a list that grows."""
    shown = []
    page.on("request", lambda made: "/v1/" in made.url and shown.append(made.headers.get("authorization")))
    return shown


def enter(page, key):
    page.wait_for_selector("#key[open]")
    page.fill("#key-field", key)
    page.keyboard.press("Enter")


def send(page):
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")


def test_a_key_is_asked_for_once_and_sent_with_every_call(page, locked):
    files = []
    page.on("response", lambda response: "/v1/" in response.url or files.append(response.status))
    page.goto(locked.address)
    enter(page, KEY)
    page.wait_for_selector("#corpus li")
    assert len(files) >= 3  # the page, its script, its style
    assert set(files) == {200}
    assert page.locator("#key[open]").count() == 0
    shown = headers_of(page)
    send(page)
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    page.click(".body .chip >> nth=0")
    page.wait_for_selector("mark.answer")
    page.reload()
    page.wait_for_selector("#corpus li", state="attached")
    assert set(shown) == {f"Bearer {KEY}"}
    assert page.evaluate("Object.values(localStorage).join()").count(KEY) == 0


def test_a_refused_key_is_said_to_be_and_the_question_goes_on_with_the_right_one(page, locked):
    page.goto(f"{locked.address}/?q={QUESTION}")
    page.wait_for_selector("#key[open]")
    assert page.locator("#key .wrong").inner_text() == ""
    check(page)
    enter(page, "the-wrong-key")
    page.wait_for_selector("#key .wrong:has-text('was refused')")
    check(page)
    enter(page, KEY)
    page.wait_for_selector(".turn[aria-busy=false] .statement")
    assert page.locator(".turn").count() == 1


def test_without_the_key_the_question_waits_for_it(page, locked):
    page.goto(locked.address)
    page.wait_for_selector("#key[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#availability button:has-text('Enter the key')")
    send(page)
    page.wait_for_selector("#key[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector(".failure.calm h3:has-text('asks for a key')")
    check(page)
    page.click(".failure button")
    enter(page, KEY)
    page.wait_for_selector(".turn[aria-busy=false] .statement")


def test_the_key_for_writing_does_for_reading_and_is_asked_for_once(page, locked, tmp_path):
    (tmp_path / "figure.png").write_bytes(b"no text")
    page.goto(locked.address)
    enter(page, ADMIN_KEY)
    page.wait_for_selector("#corpus li")
    page.set_input_files("#files", str(tmp_path / "figure.png"))
    page.wait_for_selector(".batch li:has-text('figure.png was left out')", timeout=60_000)
    assert page.locator("#key[open]").count() == 0


def test_whoever_may_only_read_is_asked_for_the_other_key_and_not_told_that_theirs_is_wrong(
    page, locked, tmp_path
):
    (tmp_path / "figure.png").write_bytes(b"no text")
    page.goto(locked.address)
    enter(page, KEY)
    page.wait_for_selector("#corpus li")
    page.set_input_files("#files", str(tmp_path / "figure.png"))
    page.wait_for_selector("#key[open]")
    assert page.locator("#key-title").inner_text() == "Changing documents asks for a key"
    assert page.locator("#key .wrong").inner_text() == ""
    page.keyboard.press("Escape")
    send(page)
    page.wait_for_selector(".turn[aria-busy=false] .statement")


def test_a_key_that_no_header_can_hold_is_not_sent(page, locked):
    shown = headers_of(page)
    page.goto(locked.address)
    enter(page, "clé secrète")
    assert page.locator("#key[open]").count() == 1
    assert set(shown) == {None}
