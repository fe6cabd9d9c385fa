import re

import pytest

from tests.web.conftest import QUESTION
from tests.web.test_access import check
from tests.web.test_keys import enter, unauthorized

PAPER = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 words"}
SCAN = {"name": "scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
OWN = "A paper of one's own"
WHY = "page 1 has no text: it is a scanned image, and OCR is what is missing"


def drop(context, page, *paths):
    """Drag files and folders of the disk over the page, and let go."""
    session = context.new_cdp_session(page)
    data = {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1}
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, "x": 300, "y": 300, "data": data})
        if kind == "dragEnter":
            page.wait_for_selector("#veil")
    page.wait_for_selector("#veil", state="hidden")


class Writing:
    """A service that takes documents, faked in front of the real one: two files, one of them a scan."""

    def __init__(self, page, key="admin"):
        self.key, self.sent, self.removed, self.states = key, [], [], []
        self.added = False
        page.route("**/v1/documents", self.documents)
        page.route(re.compile("/v1/documents/[a-z]+$"), self.document)
        page.route("**/v1/jobs/7", self.job)
        page.route("**/v1/jobs/8", self.removal)

    def allows(self, route):
        if route.request.headers.get("authorization") == f"Bearer {self.key}":
            return True
        unauthorized(route)
        return False

    def documents(self, route):
        if route.request.method == "POST":
            if self.allows(route):
                self.sent.append(route.request.post_data_buffer)
                route.fulfill(status=202, json={"job_id": "7"})
            return
        listed = route.fetch().json()
        if self.added:
            listed["documents"].append(
                {**listed["documents"][0], "id": "paper", "title": "A paper of one's own"}
            )
        listed["documents"] = [each for each in listed["documents"] if each["id"] not in self.removed]
        route.fulfill(json=listed)

    def document(self, route):
        if route.request.method != "DELETE":
            route.fallback()
        elif self.allows(route):
            self.removed.append(route.request.url.rpartition("/")[2])
            route.fulfill(status=202, json={"job_id": "8", "state": "queued"})

    def job(self, route):
        self.states.append(("queued", "running", "running", "done")[min(len(self.states), 3)])
        running = self.states[-1] == "running"
        job = {
            "job_id": "7",
            "state": self.states[-1],
            "step": "embedding" if running else None,
            "error": None,
        }
        job |= {"done": len(self.states) if running else 0, "total": 5 if running else 0, "files": []}
        if self.states[-1] == "done":
            self.added = True
            job["files"] = [
                {
                    "name": "paper.pdf",
                    "status": "added",
                    "document_id": "paper",
                    "title": OWN,
                    "reason": None,
                },
                {"name": "scan.pdf", "status": "failed", "document_id": None, "title": None, "reason": WHY},
            ]
        route.fulfill(json=job)

    def removal(self, route):
        files = [
            {"name": "lim", "status": "removed", "document_id": "lim", "title": "Moving", "reason": None}
        ]
        route.fulfill(json={"job_id": "8", "state": "done", "files": files, "error": None})


def test_chosen_files_are_sent_and_the_fate_of_each_is_told(page, visit):
    service = Writing(page)
    visit()
    page.click("#filters summary")
    with page.expect_file_chooser() as chooser:
        page.click("#add")
    chooser.value.set_files([PAPER, SCAN])
    enter(page, "admin")
    page.wait_for_selector(".batch .quiet:has-text('embedding, 2 of 5')")
    assert page.locator(".batch progress").get_attribute("value") == "2"
    page.wait_for_selector(".batch .quiet:has-text('1 file of 2 left out')")
    assert page.locator("#said").inner_text() == "Adding 2 files: 1 file of 2 left out"
    assert page.locator(".batch li").all_inner_texts() == [
        f"paper.pdf was added: “{OWN}” Search only in it",
        f"scan.pdf was left out: {WHY}",
    ]
    assert b'name="files"; filename="paper.pdf"' in service.sent[0]
    assert b'name="files"; filename="scan.pdf"' in service.sent[0]
    check(page)
    page.wait_for_selector("#filter-documents input[value=paper]", state="attached")
    page.click(".batch li button")
    assert page.locator("#filters-state").inner_text() == OWN
    page.click(".batch .icon-button")
    assert page.locator(".batch").count() == 0


def test_what_is_dropped_anywhere_is_sent_and_folders_are_gone_through(page, visit, context, tmp_path):
    (tmp_path / "papers" / "older").mkdir(parents=True)
    for name in ("one.txt", "papers/two.txt", "papers/older/three.txt", "papers/.hidden"):
        (tmp_path / name).write_text(f"words of {name}")
    service = Writing(page)
    visit()
    drop(context, page, tmp_path / "one.txt", tmp_path / "papers")
    enter(page, "wrong")
    page.wait_for_selector("#key .wrong:has-text('was refused')")
    enter(page, "admin")
    page.wait_for_selector(".batch li >> text=was added")
    assert page.locator(".batch h2").inner_text() == "Adding 3 files"
    names = re.findall(rb'name="files"; filename="(.*?)"', service.sent[0])
    assert sorted(names) == [b"one.txt", b"three.txt", b"two.txt"]  # in the order that the disk has them


def test_a_document_is_removed_once_that_is_confirmed(page, visit):
    service = Writing(page)
    visit()
    page.click("#filters summary")
    page.click("#removing")
    check(page)
    page.click("text=Remove “Moving the Needle Forward”")
    assert "Moving the Needle Forward" in page.locator("#confirm p").first.inner_text()
    assert page.evaluate("document.activeElement.textContent") == "Keep"
    check(page)
    page.keyboard.press("Enter")
    page.wait_for_selector("#confirm", state="hidden")
    assert service.removed == []
    page.click("text=Remove “Moving the Needle Forward”")
    page.click("#confirm-yes")
    enter(page, "admin")
    page.wait_for_selector("#filter-documents input[value=lim]", state="detached")
    assert service.removed == ["lim"]


def test_a_job_that_failed_as_a_whole_says_why(page, visit):
    Writing(page)
    error = {
        "title": "The index is damaged",
        "detail": "the disk is full",
        "status": 503,
        "code": "disk_full",
    }
    page.route(
        "**/v1/jobs/7", lambda route: route.fulfill(json={"state": "failed", "files": [], "error": error})
    )
    visit()
    page.set_input_files("#files", [PAPER])
    enter(page, "admin")
    page.wait_for_selector(".batch li.wrong:has-text('The disk is full.')")


@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        (403, "writing_disabled", "Documents cannot be changed from here. The service was started without"),
        (413, "request_too_large", "That is too much at once. the body has more than 50 MB"),
    ],
)
def test_a_service_that_takes_none_says_so(page, visit, status, code, told):
    visit()
    body = {"title": "Refused", "status": status, "detail": "the body has more than 50 MB", "code": code}

    def refuse(route):
        route.fulfill(status=status, json=body) if route.request.method == "POST" else route.fallback()

    page.route("**/v1/documents", refuse)
    page.set_input_files("#files", [PAPER])
    page.wait_for_selector(f".batch li:has-text('{told}')")
    assert page.locator("#key[open]").count() == 0
    page.fill("#question", QUESTION)
    page.press("#question", "Enter")
    page.wait_for_selector(".statement")
