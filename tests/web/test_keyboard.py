"""A whole session without a mouse. Each line of the walk is what a person presses, and where that leads."""

from tests.web.conftest import QUESTION


def tab_to(page, selector, key="Tab", most=40):
    """Press Tab, or another key, until what has the focus is `selector`, and see that it shows."""
    for _ in range(most):
        page.keyboard.press(key)
        if has_focus(page, selector):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
    raise AssertionError(f"{most} times {key} did not lead to {selector}")


def back_to(page, selector):
    tab_to(page, selector, "Shift+Tab")


def has_focus(page, selector):
    return page.evaluate("selector => document.activeElement.matches(selector)", selector)


def answered(page, turns):
    page.wait_for_selector(f".turn:nth-child({turns})[aria-busy=false] .actions >> text=Copy link")


def test_a_session_without_a_mouse(page, visit):
    visit()
    press = page.keyboard.press

    # The question box has the focus from the start, and keeps it.
    page.keyboard.type(QUESTION)
    press("Enter")
    answered(page, 1)
    assert has_focus(page, "#question")

    # Back to the last citation of the answer; Enter opens its document and goes to the words.
    back_to(page, ".sources .chip")
    back_to(page, ".body .chip")
    number = page.evaluate("document.activeElement.dataset.n")
    press("Enter")
    page.wait_for_selector(".reading :is(mark, tr).answer")
    page.wait_for_function("document.activeElement.matches('.reading .answer')")

    # The next and the previous passage, and back to the citation.
    shown = page.locator(".evidence-head h2")
    first = shown.inner_text()
    press("Alt+ArrowDown")
    page.wait_for_function(
        "text => document.querySelector('.evidence-head h2').textContent !== text", arg=first
    )
    press("Alt+ArrowUp")
    page.wait_for_function(
        "text => document.querySelector('.evidence-head h2').textContent === text", arg=first
    )
    press("Escape")
    assert page.evaluate("document.activeElement.dataset.n") == number

    # Up to the filter: Enter opens it, Space ticks, Escape closes it and stays there.
    back_to(page, "#filters summary")
    press("Enter")
    tab_to(page, "#filter-documents input[value=hmp]")
    press("Space")
    press("Escape")
    assert has_focus(page, "#filters summary")
    assert page.locator("#filters[open]").count() == 0

    # The first thing on the page leads past all this to the question box.
    back_to(page, ".skip")
    press("Enter")
    assert has_focus(page, "#question")
    page.keyboard.type("Was it safe?")
    press("Enter")
    answered(page, 2)
    assert page.locator(".within").inner_text().startswith("Only in: ")

    # The answer is copied.
    back_to(page, ".turn:last-child .actions button[title='Copy as text with its sources']")
    press("Space")
    page.wait_for_selector(".turn:last-child .actions >> text=Copied")

    # The conversation gets another name.
    back_to(page, "#open-shelf")
    press("Enter")
    tab_to(page, "#shelf-list .icon-button")
    press("Enter")
    page.keyboard.type("Margins")
    press("Enter")
    assert page.locator(".shelf-open span").first.inner_text() == "Margins"
    press("Escape")
    assert has_focus(page, "#open-shelf")

    # Light instead of the system's choice, and a new conversation.
    tab_to(page, "#theme")
    press("Enter")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    tab_to(page, "#new")
    press("Enter")
    assert page.locator("#welcome").is_visible()
    assert has_focus(page, "#question")

    # Backwards from the question box to the examples; Enter asks the last of them.
    back_to(page, "#examples button")
    press("Enter")
    answered(page, 1)
