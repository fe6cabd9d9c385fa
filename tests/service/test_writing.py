"""Documents added and removed over HTTP: who may, what becomes of each file, and that questions go on."""

import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from ingest.corpus import read_entries
from ingest.encoder import DEFAULT
from ingest.found_files import find_files
from service.app import MAX_UPLOAD_BYTES, create_app
from service.errors import JobFailed
from service.jobs import worker as job_worker
from service.jobs.queue import Jobs
from service.jobs.uploads import MAX_FILES
from service.jobs.worker import Outcome, Report, Task
from service.live_index import LiveIndex
from service.settings import Settings

KEY = "sixteen letters!"
FROST = b"# Frost at needles\n\n## Methods\n\nWe froze forty-two quixotic needles with argon.\n"
WRITING = [("POST", "/v1/documents"), ("DELETE", "/v1/documents/hmp"), ("GET", "/v1/jobs/none")]


class LocalWorker:
    """Does its tasks in this process, when it is let; so that no process loads a model anew."""

    def __init__(self) -> None:
        self.let = threading.Event()
        self.let.set()
        self.failure: Exception | None = None

    def run(self, task: Task, report: Report) -> Outcome:
        self.let.wait(timeout=20)
        if self.failure:
            raise self.failure
        return job_worker.work(task, report)

    def stop(self) -> None:
        self.let.set()


@pytest.fixture
def worker(monkeypatch, encoder) -> LocalWorker:
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: encoder)
    return LocalWorker()


@pytest.fixture
def corpus(request, tmp_path) -> Path:
    return shutil.copytree(request.config.rootpath / "corpus", tmp_path / "corpus")


@pytest.fixture
def writer(running, index_folder, corpus, tmp_path, quick_encoder, worker) -> Iterator[httpx.Client]:
    """A client with the key, of a service over a copy of the corpus and its index."""
    index = shutil.copytree(index_folder, tmp_path / "index")
    settings = Settings(corpus=corpus, index=index, admin_key=SecretStr(KEY))
    app = create_app(settings, LiveIndex(index, settings.encoder))
    app.state.jobs = Jobs(app.state.live_index, worker)
    with running(app) as client:
        client.headers["Authorization"] = f"Bearer {KEY}"
        yield client


def upload(client: httpx.Client, **files: bytes) -> httpx.Response:
    """Send files, `a_md=b"…"` as a.md."""
    sent = [("files", (name.replace("_", "."), content)) for name, content in files.items()]
    return client.post("/v1/documents", files=sent)


def ended(client: httpx.Client, response: httpx.Response) -> dict:
    """The job that a response names, when it has ended."""
    assert response.status_code == 202, response.text
    path = response.headers["location"]
    wait_for(lambda: client.get(path).json()["state"] not in ("queued", "running"))
    return client.get(path).json()


def results(job: dict) -> list[tuple[str, str, str | None]]:
    return [(file["name"], file["status"], file["document_id"]) for file in job["files"]]


def documents(client: httpx.Client) -> list[str]:
    return [document["id"] for document in client.get("/v1/documents").json()["documents"]]


# Who may


@pytest.mark.parametrize(("method", "path"), WRITING)
def test_without_a_key_in_the_settings_writing_is_off_and_says_so(client, method, path):
    response = client.request(method, path, headers={"Authorization": f"Bearer {KEY}"})
    assert (response.status_code, response.json()["code"]) == (403, "writing_disabled")
    assert "set NEEDLE_ADMIN_KEY" in response.json()["detail"]


@pytest.mark.parametrize(("method", "path"), WRITING)
@pytest.mark.parametrize("sent", [b"", b"Bearer", b"Bearer wrong", b"Basic " + KEY.encode(), b"Bearer \xe9"])
def test_another_key_is_refused(writer, method, path, sent):
    response = writer.request(method, path, headers=[(b"Authorization", sent)])
    assert (response.status_code, response.json()["code"]) == (401, "unauthorized")
    assert response.headers["www-authenticate"] == "Bearer"
    assert KEY not in response.text


def test_reading_needs_no_key(writer):
    del writer.headers["Authorization"]
    assert writer.get("/v1/documents").status_code == 200


# Adding


def test_an_added_document_is_found_as_soon_as_the_job_is_done(writer):
    response = upload(writer, frost_md=FROST)
    accepted = response.json()
    assert response.headers["location"] == f"/v1/jobs/{accepted['job_id']}"
    job = ended(writer, response)
    assert (job["state"], job["kind"], job["error"]) == ("done", "add", None)
    assert results(job) == [("frost.md", "added", "frost-at-needles")]
    assert job["generation"] == writer.get("/readyz").json()["generation"]
    found = writer.post("/v1/search", json={"question": "How many quixotic needles were frozen?"}).json()
    assert found["passages"][0]["document"]["title"] == "Frost at needles"
    assert "forty-two quixotic needles" in found["passages"][0]["cited_text"]


def test_each_file_has_its_result_and_the_others_go_in(writer):
    job = ended(writer, upload(writer, frost_md=FROST, again_md=FROST, latin_txt=b"Caf\xe9", figure_png=b"P"))
    assert job["state"] == "done"
    assert results(job) == [
        ("frost.md", "added", "frost-at-needles"),
        ("again.md", "present", "frost-at-needles"),
        ("latin.txt", "failed", None),
        ("figure.png", "failed", None),
    ]
    assert job["files"][2]["reason"].startswith("latin.txt is not UTF-8 (byte 3)")
    assert "needle-upload" not in str(job)


def test_when_every_file_fails_the_index_is_not_touched(writer):
    before = writer.get("/readyz").json()["generation"]
    job = ended(writer, upload(writer, figure_png=b"P"))
    assert (job["state"], job["generation"]) == ("done", None)
    assert writer.get("/readyz").json()["generation"] == before


def test_an_edited_file_takes_the_place_of_the_document(writer):
    ended(writer, upload(writer, frost_md=FROST))
    job = ended(writer, upload(writer, frost_md=FROST.replace(b"forty-two", b"fifty")))
    assert results(job) == [("frost.md", "changed", "frost-at-needles")]
    text = writer.get("/v1/documents/frost-at-needles/text").text
    assert "fifty quixotic" in text
    assert "forty-two" not in text


@pytest.mark.parametrize("name", ["../../evil.md", "..\\..\\evil.md", "/etc/evil.md", "a/../evil.md"])
def test_a_name_leads_out_of_no_folder(writer, corpus, tmp_path, name):
    response = writer.post("/v1/documents", files=[("files", (name, FROST))])
    assert results(ended(writer, response)) == [("evil.md", "added", "frost-at-needles")]
    assert (corpus / "evil.md").read_bytes() == FROST
    assert [path for path in tmp_path.rglob("evil.md") if path.parent != corpus] == []


# Removing


def test_a_removed_document_is_gone_when_the_job_is_done(writer, corpus, tmp_path):
    job = ended(writer, writer.delete("/v1/documents/dinc"))
    assert results(job) == [("dinc", "removed", "dinc")]
    assert documents(writer) == ["lim", "hmp"]
    assert not list(corpus.glob("dinc*"))
    assert writer.get("/v1/documents/dinc").status_code == 404


def test_the_generation_that_nobody_reads_any_more_goes_from_the_disk(writer, tmp_path):
    job = ended(writer, writer.delete("/v1/documents/dinc"))
    index = tmp_path / "index"
    wait_for(lambda: [path.name for path in index.glob("[!.]*") if path.is_dir()] == [job["generation"]])


def test_an_unknown_document_is_not_removed(writer):
    response = writer.delete("/v1/documents/dinz")
    assert (response.status_code, response.json()["code"]) == (404, "unknown_document")
    assert "did you mean 'dinc'?" in response.json()["detail"]


def test_the_last_document_is_not_removed(writer, corpus):
    for name in ("dinc", "lim"):
        ended(writer, writer.delete(f"/v1/documents/{name}"))
    job = ended(writer, writer.delete("/v1/documents/hmp"))
    assert (job["state"], job["error"]["code"]) == ("failed", "corpus_invalid")
    assert "add another first" in job["error"]["detail"]
    assert [entry.id for entry in read_entries(corpus)] == ["hmp"] == documents(writer)


# Jobs


def test_jobs_are_done_one_after_the_other(writer, worker):
    worker.let.clear()
    first, second = upload(writer, frost_md=FROST), writer.delete("/v1/documents/dinc")
    wait_for(lambda: writer.get(first.headers["location"]).json()["state"] == "running")
    assert writer.get(second.headers["location"]).json()["state"] == "queued"
    worker.let.set()
    assert ended(writer, second)["state"] == "done"
    assert writer.get(first.headers["location"]).json()["state"] == "done"
    assert documents(writer) == ["lim", "hmp", "frost-at-needles"]


def test_more_jobs_than_may_wait_are_refused(writer, worker):
    worker.let.clear()
    answers = [upload(writer, frost_md=FROST) for _ in range(18)]
    refused = next(answer for answer in answers if answer.status_code != 202)
    assert (refused.status_code, refused.json()["code"]) == (503, "too_many_jobs")
    assert refused.headers["retry-after"] == "60"
    worker.let.set()
    ended(writer, answers[0])


@pytest.mark.parametrize(
    ("failure", "code"),
    [(JobFailed("job_stopped", "it was broken off"), "job_stopped"), (KeyError("inside"), "internal_error")],
)
def test_a_job_that_fails_says_why_and_the_next_is_done(writer, worker, failure, code):
    worker.failure = failure
    job = ended(writer, upload(writer, frost_md=FROST))
    assert (job["state"], job["error"]["code"], job["error"]["instance"]) == (
        "failed",
        code,
        f"/v1/jobs/{job['job_id']}",
    )
    assert "inside" not in str(job)
    worker.failure = None
    assert ended(writer, upload(writer, frost_md=FROST))["state"] == "done"


def test_an_unknown_job_says_that_jobs_are_forgotten(writer):
    response = writer.get("/v1/jobs/none")
    assert (response.status_code, response.json()["code"]) == (404, "unknown_job")
    assert "until the service restarts" in response.json()["detail"]


# What is refused


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        ({"json": {"files": []}}, "the body is application/json"),
        ({}, "the body is of no type"),
        ({"files": [("other", ("a.md", FROST))]}, "other fields, or no file"),
        ({"files": [("files", ("/", FROST))]}, "file 1 has no name"),
        ({"files": [("files", (f"{n}.md", FROST)) for n in range(MAX_FILES + 1)]}, "Too many files"),
        (
            {"content": b"broken", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
            "cannot be read",
        ),
        ({"content": b"", "headers": {"Content-Type": "multipart/form-data"}}, "Missing boundary"),
    ],
    ids=["json", "nothing", "other field", "no name", "too many", "broken", "no boundary"],
)
def test_a_body_without_files_is_refused_with_the_mend(writer, request_, said):
    response = writer.post("/v1/documents", **request_)
    assert (response.status_code, response.json()["code"]) == (400, "invalid_upload")
    assert said in response.json()["detail"]
    assert "send multipart/form-data" in response.json()["detail"]


def test_an_upload_may_be_larger_than_a_question(writer):
    job = ended(writer, upload(writer, big_png=b"a" * 3 * 1024 * 1024))
    assert [status for _, status, _ in results(job)] == ["failed"]


def test_an_upload_that_is_announced_too_large_is_refused(writer):
    head = f"POST /v1/documents HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {MAX_UPLOAD_BYTES + 1}\r\n\r\n"
    with socket.create_connection((writer.base_url.host, writer.base_url.port), timeout=10) as connection:
        connection.sendall(head.encode())
        answer = connection.recv(65536).decode()
    assert answer.startswith("HTTP/1.1 413 ")


def test_an_upload_that_turns_out_too_large_is_refused(running, tmp_path, monkeypatch):
    monkeypatch.setattr("service.app.MAX_UPLOAD_BYTES", 2_000_000)
    head = b"--x\r\nContent-Disposition: form-data; name=files; filename=a.md\r\n\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=x", "Authorization": f"Bearer {KEY}"}
    with running(create_app(Settings(index=tmp_path, admin_key=SecretStr(KEY)))) as client:
        body = iter([head, *[b"a" * 65536] * 32])
        response = client.post("/v1/documents", content=body, headers=headers)
    assert (response.status_code, response.json()["code"]) == (413, "request_too_large")
    assert "more than 2,000,000 bytes" in response.json()["detail"]


def test_a_body_is_not_read_for_who_has_no_key(running, tmp_path, monkeypatch):
    def read(*_: object, **__: object) -> None:
        raise AssertionError("the body was read")

    monkeypatch.setattr("starlette.requests.Request.form", read)
    with running(create_app(Settings(index=tmp_path, admin_key=SecretStr(KEY)))) as client:
        assert upload(client, frost_md=FROST).status_code == 401


# In a process of its own


def test_a_job_is_broken_off_with_the_service_and_nothing_is_lost(request, corpus, index_folder, tmp_path):
    index = shutil.copytree(index_folder, tmp_path / "index")
    (temporary := tmp_path / "temporary").mkdir()
    environment = {
        **os.environ,
        "TMPDIR": str(temporary),
        "PYTHONPATH": str(request.config.rootpath),
        "NEEDLE_CORPUS": str(corpus),
        "NEEDLE_INDEX": str(index),
        "NEEDLE_ADMIN_KEY": KEY,
    }
    command = [sys.executable, "-m", "service.cli", "serve", "--port", "0"]
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        address = next(line for line in process.stderr if "Needle answers at" in line).split()[3]
        authorization = {"Authorization": f"Bearer {KEY}"}
        with httpx.Client(base_url=address, trust_env=False, timeout=30, headers=authorization) as client:
            removed = ended(client, client.delete("/v1/documents/dinc"))
            assert (removed["state"], documents(client)) == ("done", ["lim", "hmp"])
            after = (index / "CURRENT").read_text()
            job = upload(client, frost_md=FROST).headers["location"]
            wait_for(lambda: client.get(job).json()["step"] is not None)
            process.terminate()
        _, rest = process.communicate(timeout=60)
    finally:
        process.kill()  # whatever failed above: a service that nobody stops would be waited for without end
        process.wait()
    assert "Traceback" not in rest
    assert (index / "CURRENT").read_text() == after
    assert not list(temporary.glob("needle-upload-*"))


def test_a_worker_that_dies_fails_its_job_and_the_next_is_done(corpus, index_folder, tmp_path):
    index = shutil.copytree(index_folder, tmp_path / "index")
    (tmp_path / "frost.md").write_bytes(FROST)
    task = Task("add", corpus, index, DEFAULT, files=tuple(find_files([str(tmp_path / "frost.md")], corpus)))
    worker = job_worker.WorkerProcess()

    def kill(*_: object) -> None:
        multiprocessing.active_children()[0].kill()

    with pytest.raises(JobFailed, match="broken off") as failure:
        worker.run(task, kill)
    assert failure.value.code == "job_stopped"
    removal = Task("remove", corpus, index, DEFAULT, document_ids=("dinc",))
    assert worker.run(removal, lambda *_: None).changes[0].status == "removed"


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
