"""Documents brought by the page to a running service, which really reads them; and taken away again."""

import re

from pydantic import SecretStr

from tests.ingest.formats.conftest import LEFT, Sheet
from tests.web.conftest import ADMIN_KEY, QUESTION
from tests.web.test_access import check
from tests.web.test_keys import enter

TITLE = "Cold needles in goats"
ASKED = "How many goats did the Frostbite trial enroll?"
JOB_MS = 60_000  # a job is done in a process of its own, which takes seconds to start
STEPS = (
    r"Sending…|Waiting for others…|Begun|(?:adding|reading|embedding|writing)(?:, \d+ of \d+)?|"
    "1 file of 3 left out"
)
NOTES = b"# Notes on argon\n\n## Findings\n\nThe argon supply of the clinic lasted for nineteen weeks.\n"


def paper() -> bytes:
    """A PDF of two pages; what is asked stands on the second."""
    sheet = Sheet()
    sheet.canvas.setTitle(TITLE)
    sheet.lines(LEFT, 740, TITLE, size=18, font="Times-Bold")
    sheet.lines(LEFT, 700, "Methods", size=14, font="Times-Bold")
    sheet.lines(LEFT, 680, "Goats were treated with cold needles by one reader.", "Argon was the coolant.")
    sheet.turn()
    sheet.lines(LEFT, 740, "Results", size=14, font="Times-Bold")
    sheet.lines(
        LEFT, 720, "The Frostbite trial enrolled 4,217 goats in two barns.", "None of them was harmed."
    )
    return sheet.content()


def scan() -> bytes:
    """A PDF of one page that has a picture and no text."""
    sheet = Sheet()
    sheet.rules(LEFT, 500, 700, 680)
    return sheet.content()


def files(tmp_path, **contents: bytes) -> list[str]:
    """Files on the disk, `a_md=b"…"` as a.md."""
    for name, content in contents.items():
        (tmp_path / name.replace("_", ".")).write_bytes(content)
    return [str(tmp_path / name.replace("_", ".")) for name in contents]


def drop(context, page, *paths):
    """Drag files and folders of the disk over the page, and let go."""
    session = context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
        if kind == "dragEnter":
            page.wait_for_selector("#veil")
    page.wait_for_selector("#veil", state="hidden")


def choose(page, paths):
    page.click("#filters summary")
    with page.expect_file_chooser() as chooser:
        page.click("#add")
    chooser.value.set_files(paths)


def documents(page):
    return page.eval_on_selector_all("#filter-documents input", "all => all.map(each => each.value)")


def test_papers_are_added_asked_about_and_removed_again(page, visit, ask, taking, tmp_path):
    steps = steps_shown(page)
    page.route("**/v1/jobs/*", half_done, times=1)
    visit(base=taking.address)
    before = documents(page)
    choose(page, files(tmp_path, goats_pdf=paper(), argon_md=NOTES, scan_pdf=scan()))
    enter(page, ADMIN_KEY)
    page.wait_for_selector(".batch .quiet:has-text('1 file of 3 left out')", timeout=JOB_MS)
    fates = page.locator(".batch li").all_inner_texts()
    assert fates[:2] == [
        f"goats.pdf was added: “{TITLE}” Search only in it",
        "argon.md was added: “Notes on argon” Search only in it",
    ]
    assert fates[2].startswith("scan.pdf was left out: ")
    assert "OCR" in fates[2]
    assert page.locator("#said").inner_text() == "Adding 3 files: 1 file of 3 left out"
    shown = page.evaluate(steps)
    assert "embedding, 2 of 5" in shown
    assert [step for step in shown if not re.fullmatch(STEPS, step)] == []
    check(page)

    page.wait_for_function(
        "count => document.querySelectorAll('#filter-documents input').length === count", arg=5
    )
    page.click(".batch li:first-child button")
    assert page.locator("#filters-state").inner_text() == TITLE
    ask(ASKED)
    assert "4,217 goats" in page.locator(".statement").first.inner_text()
    assert page.locator(".within").inner_text() == f"Only in: {TITLE}"
    assert page.locator(".sources .source").first.inner_text() == f"{TITLE} — Results, page 2"
    assert page.locator(".card h3").first.inner_text() == "Results, page 2"
    page.click(".body .chip")
    page.wait_for_selector("mark.answer")
    assert page.locator(".reading-head .quiet").inner_text() == "Results, page 2"
    page.click(".actions >> text=/^Copy$/")
    page.wait_for_selector(".actions >> text=Copied")
    assert "Results, page 2\n" in page.evaluate("navigator.clipboard.readText()")

    page.click("#filters summary")
    page.click("#removing")
    check(page)
    page.click(f"text=Remove “{TITLE}”")
    assert TITLE in page.locator("#confirm p").first.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Keep"
    check(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#confirm", state="hidden")
    assert len(documents(page)) == 5
    page.click(f"text=Remove “{TITLE}”")
    page.click("#confirm-yes")
    page.wait_for_selector(".batch li:has-text('was removed')", timeout=JOB_MS)
    page.wait_for_function(
        "count => document.querySelectorAll('#filter-documents input').length === count", arg=4
    )
    assert documents(page) == [*before, "notes-on-argon"]
    assert page.locator("#filters-state").inner_text() == "All documents"
    page.keyboard.press("Escape")
    ask(ASKED)
    assert "4,217" not in page.locator(".turn:last-child").inner_text()


def half_done(route):
    """A job at a moment that the page, which looks now and then, might miss."""
    job = route.fetch().json()
    route.fulfill(json={**job, "state": "running", "step": "embedding", "done": 2, "total": 5})


def steps_shown(page):
    """What tells each step that a job was said to be at."""
    page.add_init_script("""
      window.steps = [];
      new MutationObserver(() => {
        const step = document.querySelector(".batch .quiet")?.textContent;
        if (step && step !== steps.at(-1)) steps.push(step);
      }).observe(document, {childList: true, subtree: true});
    """)
    return "steps"


def test_what_is_dropped_anywhere_is_sent_and_folders_are_gone_through(
    page, visit, context, taking, tmp_path
):
    (tmp_path / "papers" / "older").mkdir(parents=True)
    for name in ("one.txt", "papers/two.txt", "papers/older/three.txt", "papers/.hidden"):
        (tmp_path / name).write_text(f"# On {name}\n\nThe words of {name} are few.\n")
    visit(base=taking.address)
    drop(context, page, tmp_path / "one.txt", tmp_path / "papers")
    enter(page, "a-key-that-is-not-it")
    page.wait_for_selector("#key .wrong:has-text('was refused')")
    enter(page, ADMIN_KEY)
    page.wait_for_selector(".batch .quiet:has-text('Done')", timeout=JOB_MS)
    assert page.locator(".batch h2").inner_text() == "Adding 3 files"
    names = page.locator(".batch li strong").all_inner_texts()
    assert sorted(names) == ["one.txt", "three.txt", "two.txt"]  # in the order that the disk has them
    page.click(".batch .icon-button")
    assert page.locator(".batch").count() == 0


def test_a_job_that_failed_as_a_whole_says_why(page, visit, taking, tmp_path):
    (taking.corpus / "corpus.toml").write_text("[[documents]\n")
    visit(base=taking.address)
    page.set_input_files("#files", files(tmp_path, argon_md=NOTES))
    enter(page, ADMIN_KEY)
    page.wait_for_selector(".batch li.wrong:has-text('corpus.toml')", timeout=JOB_MS)
    assert page.locator(".batch li button").count() == 0


def test_a_service_that_takes_no_documents_says_so_and_goes_on_answering(page, visit, ask, tmp_path):
    visit()
    page.set_input_files("#files", files(tmp_path, argon_md=NOTES))
    page.wait_for_selector(".batch li:has-text('The service was started without NEEDLE_ADMIN_KEY')")
    assert page.locator("#key[open]").count() == 0
    ask(QUESTION)


def test_what_is_too_much_at_once_is_said_to_be(page, visit, serve, monkeypatch, tmp_path):
    monkeypatch.setattr("service.app.MAX_UPLOAD_BYTES", 1000)
    served = serve(admin_key=SecretStr(ADMIN_KEY))
    visit(base=served.address)
    page.set_input_files("#files", files(tmp_path, argon_md=NOTES * 40))
    page.wait_for_selector(".batch li:has-text('That is too much at once. ')")
    assert "1,000 bytes" in page.locator(".batch li").inner_text()
