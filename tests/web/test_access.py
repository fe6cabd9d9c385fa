import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.service.answers.scripted_llm import says
from tests.web.conftest import NARROW, QUESTION, ROW, UNANSWERABLE, WIDE
from tests.web.test_asking import FALSE, TRUE, answer_of


def check(page):
    page.wait_for_timeout(250)  # colours and the sheet move for up to 180 ms
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


# Colours do not hang on the width, nor what is where on the colours.
@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("narrow", "dark")])
def test_axe_finds_nothing_in_any_state(page, visit, ask, scheme, size):
    page.emulate_media(color_scheme=scheme)
    if size == "narrow":
        page.set_viewport_size(NARROW)
    visit()
    check(page)
    ask(QUESTION)
    check(page)
    page.click(".turn:last-child .body .chip")
    page.wait_for_selector("mark.answer")
    check(page)
    page.keyboard.press("Escape")
    ask(ROW)
    page.click(".turn:last-child .body .chip")
    page.wait_for_selector("tr.lit")
    check(page)
    page.keyboard.press("Escape")
    page.click("#new")
    ask(UNANSWERABLE)
    check(page)
    page.click("#filters summary")
    check(page)
    page.keyboard.press("Escape")
    page.click("#open-shelf")
    check(page)
    page.keyboard.press("Escape")
    page.route("**/v1/answer", lambda route: route.abort())
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector(".failure")
    check(page)


def test_axe_finds_nothing_in_a_composed_answer(page, visit, ask, composing, llm):
    llm.will(says(f"{TRUE} [1]. {FALSE} [1]."))
    visit(base=composing.address)
    ask(QUESTION)
    page.locator(".flag").focus()
    check(page)


def test_on_a_narrow_screen_the_evidence_is_a_sheet(page, visit, ask):
    page.set_viewport_size(NARROW)
    visit()
    ask(QUESTION)
    assert page.locator("#evidence").is_hidden()
    page.click(".to-evidence")
    page.wait_for_selector(".cards", state="visible")
    assert page.evaluate("document.querySelector('main').inert")
    page.click(".card-open >> nth=0")
    page.wait_for_selector("mark.answer")
    page.keyboard.press("Escape")
    page.wait_for_selector("#evidence", state="hidden")
    assert not page.evaluate("document.querySelector('main').inert")
    page.click(".body .chip")
    page.wait_for_selector("#evidence", state="visible")
    page.mouse.click(180, 20)  # beside the sheet
    page.wait_for_selector("#evidence", state="hidden")
    page.click(".body .chip")
    page.set_viewport_size(WIDE)
    page.wait_for_selector("main:not([inert])")


def test_what_is_printed_is_the_whole_conversation_dark_on_white(page, visit, ask):
    page.emulate_media(color_scheme="dark")
    visit()
    ask(QUESTION)
    ask(ROW)
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".turn h2").first.is_visible()
    assert page.eval_on_selector("#scroll", "scroll => scroll.clientHeight >= scroll.scrollHeight")
    for left_out in ("#evidence", "#ask", ".bar"):
        assert page.locator(left_out).is_hidden()
    assert page.eval_on_selector("body", "body => getComputedStyle(body).color") == "rgb(28, 33, 36)"


def test_nothing_is_wider_than_the_screen(page, visit, ask):
    widths = (360, 390, 768, 1024, 1440, 2200)
    fits = """() => [...document.querySelectorAll("html, body, #scroll, .reading")]
      .every((box) => box.scrollWidth <= box.clientWidth)"""
    visit()
    assert _widths_where(page, fits, widths) == widths
    ask(ROW)
    page.click(".body .chip")
    page.wait_for_selector("tr.lit")
    assert _widths_where(page, fits, widths) == widths


def _widths_where(page, holds, widths):
    return tuple(
        width
        for width in widths
        if page.set_viewport_size({"width": width, "height": 740}) is None and page.evaluate(holds)
    )


def test_the_theme_follows_the_system_until_a_person_chooses(page, visit):
    background = "getComputedStyle(document.body).backgroundColor"
    visit()
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(background)
    assert light != dark
    page.click("#theme")
    assert page.evaluate(background) == light
    page.reload()
    assert page.evaluate(background) == light
    page.click("#theme")
    page.emulate_media(color_scheme="light")
    assert page.evaluate(background) == dark


def test_the_focus_goes_through_the_page_in_reading_order(page, visit):
    visit()
    page.focus(".skip")
    order = []
    for _ in range(6):
        order.append(page.evaluate("document.activeElement.id || document.activeElement.textContent.trim()"))
        page.keyboard.press("Tab")
    assert order[:5] == ["Skip to the question box", "open-shelf", "All documents", "theme", "new"]
    assert order[5] == QUESTION
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"


def heard(page):
    """What tells all that the live region has said since now."""
    page.evaluate("""() => {
      window.heard = [];
      new MutationObserver(() => heard.push(document.querySelector("#said").textContent))
        .observe(document.querySelector("#said"), {childList: true});
    }""")
    return lambda: page.evaluate("heard")


def test_the_beginning_and_the_end_of_an_answer_are_said_once(page, visit, ask, client):
    visit()
    said = heard(page)
    ask(QUESTION)
    body = answer_of(client)
    sentences, sources = len(body["sentences"]), len(body["citations"])
    counted = f"{sentences} sentence{'s' * (sentences > 1)}, {sources} source{'s' * (sources > 1)}"
    assert said() == ["Looking in the documents", f"Answered: {counted}."]
    page.keyboard.press("Alt+ArrowDown")
    page.wait_for_selector("mark.answer")
    assert said()[2:] == [f"Main Findings: {body['passages'][0]['text']}"]


def test_an_abstention_is_said_with_what_is_near(page, visit, ask, client):
    visit()
    said = heard(page)
    ask(UNANSWERABLE)
    body = answer_of(client, UNANSWERABLE)
    assert said()[1:] == [f"{body['answer']} {len(body['passages'])} near passages listed."]


def test_a_failure_is_said_by_its_own_alert_and_not_twice(page, visit):
    visit()
    said = heard(page)
    page.route("**/v1/answer", lambda route: route.abort())
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector("[role=alert]:has-text('Needle cannot be reached')")
    assert said() == ["Looking in the documents", ""]


def test_nothing_moves_for_who_wants_less_motion(page, visit):
    page.emulate_media(reduced_motion="reduce")
    visit()
    moves = """all => all.filter((each) => {
      const {transitionDuration, animationName, scrollBehavior} = getComputedStyle(each);
      return transitionDuration !== "0s" || animationName !== "none" || scrollBehavior !== "auto";
    }).length"""
    assert page.eval_on_selector_all("*", moves) == 0
