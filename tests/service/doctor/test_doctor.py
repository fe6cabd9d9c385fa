import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from service import cli
from service.doctor import environment
from tests.conftest import CORPUS
from tests.service.answers.scripted_llm import answers_as, refuses

SECRET = "sk-sentinel-zebulon"
CHECKS = [
    "python", "packages", "processors", "settings", "index", "corpus", "disk", "model", "model and index",
    "port", "language model",
]  # fmt: skip


@pytest.fixture
def copied(index_folder, tmp_path) -> Path:
    return shutil.copytree(index_folder, tmp_path / "index")


@pytest.fixture
def doctor(monkeypatch, capsys, encoder, index_folder):
    """Run `needle doctor --json` on a free port; give its exit code and its findings by name."""
    monkeypatch.setattr("service.doctor.model.load_encoder", lambda name: encoder)
    monkeypatch.setenv("NEEDLE_CORPUS", str(CORPUS))
    monkeypatch.setenv("NEEDLE_INDEX", str(index_folder))
    monkeypatch.setenv("NEEDLE_PORT", "0")
    monkeypatch.setenv("OMP_NUM_THREADS", "1")

    def run() -> tuple[int, dict[str, SimpleNamespace]]:
        code = cli.run(["doctor", "--json"])
        out, err = capsys.readouterr()
        assert err == ""
        assert SECRET not in out
        report = json.loads(out)
        assert report["healthy"] == (code == 0)
        return code, {check["check"]: SimpleNamespace(**check) for check in report["checks"]}

    return run


def snapshot(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((str(p), p.stat().st_mtime_ns, p.stat().st_size) for p in folder.rglob("*"))


def test_where_all_is_well_every_check_is_ok(doctor):
    code, findings = doctor()
    assert code == 0
    assert list(findings) == CHECKS
    assert {finding.status for finding in findings.values()} == {"ok"}
    assert all(finding.mend is None for finding in findings.values())
    assert "3 documents" in findings["index"].found
    assert findings["corpus"].found.endswith("the index is up to date")


def test_nothing_is_written(doctor, copied, monkeypatch, tmp_path):
    monkeypatch.setenv("NEEDLE_INDEX", str(copied))
    before = snapshot(tmp_path)
    doctor()
    monkeypatch.setenv("NEEDLE_INDEX", str(tmp_path / "none"))
    doctor()
    assert snapshot(tmp_path) == before


def test_the_report_for_a_person_names_the_mend_below(doctor, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("NEEDLE_INDEX", str(tmp_path / "none"))
    assert cli.run(["doctor"]) == 1
    lines = capsys.readouterr().out.splitlines()
    place = next(n for n, line in enumerate(lines) if line.startswith("problem  index"))
    assert lines[place].endswith(f"there is no index in {tmp_path / 'none'}")
    assert lines[place + 1].strip() == "→ run `needle ingest` to build it"


def test_a_changed_file_of_the_index_is_a_problem(doctor, copied, monkeypatch):
    monkeypatch.setenv("NEEDLE_INDEX", str(copied))
    name = (copied / "CURRENT").read_text().strip()
    with (copied / name / "passages.jsonl").open("ab") as file:
        file.write(b" ")
    code, findings = doctor()
    assert code == 1
    assert findings["index"].status == "problem"
    assert "passages.jsonl has changed" in findings["index"].found
    assert findings["model and index"].status == "ok"


def test_a_changed_corpus_asks_for_an_ingestion(doctor, monkeypatch, tmp_path):
    corpus = shutil.copytree(CORPUS, tmp_path / "corpus")
    manifest = corpus / "corpus.toml"
    manifest.write_text(manifest.read_text().replace('title = "', 'title = "New ', 1))
    monkeypatch.setenv("NEEDLE_CORPUS", str(corpus))
    code, findings = doctor()
    assert (code, findings["corpus"].status) == (0, "warning")
    assert "run `needle ingest`" in findings["corpus"].mend


def test_a_corpus_that_cannot_be_read_is_no_problem_for_an_index_that_can(doctor, monkeypatch, tmp_path):
    monkeypatch.setenv("NEEDLE_CORPUS", str(tmp_path))
    code, findings = doctor()
    assert (code, findings["corpus"].status) == (0, "warning")
    assert "NEEDLE_CORPUS" in findings["corpus"].mend


def test_an_index_of_another_model_is_a_problem(doctor, monkeypatch, encoder):
    info = replace(encoder.info, name="other", sha256="0" * 64)
    other = SimpleNamespace(info=info, encode=encoder.encode)
    monkeypatch.setattr("service.doctor.model.load_encoder", lambda name: other)
    code, findings = doctor()
    assert (code, findings["model and index"].status) == (1, "problem")
    assert findings["model and index"].mend.startswith("set NEEDLE_ENCODER=all-MiniLM-L6-v2")


def test_a_wrong_setting_is_told_and_the_rest_left_out(doctor, monkeypatch):
    monkeypatch.setenv("NEEDLE_PROT", "8000")
    code, findings = doctor()
    assert code == 1
    assert list(findings) == ["python", "packages", "processors", "settings"]
    assert findings["settings"].found == "NEEDLE_PROT is no setting; did you mean NEEDLE_PORT?"


def test_a_package_that_is_missing_stops_only_what_needs_it(doctor, monkeypatch):
    def broken(name: str) -> None:
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr("service.doctor.model.load_encoder", broken)
    code, findings = doctor()
    assert code == 1
    assert findings["model"].found == "the check itself failed (ModuleNotFoundError: torch)"
    assert all(findings[check].status == "ok" for check in ("index", "corpus", "disk", "port"))


def test_a_check_that_fails_itself_does_not_stop_the_others(doctor, monkeypatch):
    def broken(*args: object) -> None:
        raise OSError(f"disk on fire, and {SECRET}")

    monkeypatch.setattr("service.doctor.index.shutil.disk_usage", broken)
    code, findings = doctor()
    assert code == 1
    assert findings["index"].found == "the check itself failed (OSError)"
    assert findings["corpus"].status == findings["port"].status == "ok"


@pytest.mark.parametrize(("generations", "status"), [(0.9, "problem"), (2.9, "warning"), (3.1, "ok")])
def test_room_for_the_next_generations_is_asked_for(doctor, monkeypatch, index_folder, generations, status):
    name = (index_folder / "CURRENT").read_text().strip()
    size = sum(path.stat().st_size for path in (index_folder / name).rglob("*") if path.is_file())
    usage = SimpleNamespace(free=int(generations * size))
    monkeypatch.setattr("service.doctor.index.shutil.disk_usage", lambda folder: usage)
    assert doctor()[1]["disk"].status == status


def test_a_folder_that_cannot_be_written_to_is_a_warning(doctor, monkeypatch):
    monkeypatch.setattr("service.doctor.index.os.access", lambda path, mode: False)
    assert doctor()[1]["disk"].found.endswith("cannot be written to")


def test_a_port_that_something_else_has_is_a_problem(doctor, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setattr("service.doctor.network._SECONDS", 0.2)
        monkeypatch.setenv("NEEDLE_PORT", str(taken.getsockname()[1]))
        code, findings = doctor()
    assert (code, findings["port"].status) == (1, "problem")
    assert findings["port"].mend.startswith("stop what listens there")


def test_a_port_where_needle_answers_already_is_fine(doctor, monkeypatch, client, generation):
    monkeypatch.setenv("NEEDLE_PORT", str(client.base_url.port))
    code, findings = doctor()
    assert code == 0
    assert findings["port"].found.endswith(f"already, from generation {generation.name}")


@pytest.mark.parametrize(
    ("behaviour", "status", "words"),
    [
        (answers_as("application/json", b'{"data": [{"id": "tiny"}]}'), "ok", "lists 'tiny'"),
        (answers_as("application/json", b'{"data": [{"id": "x"}]}'), "warning", "does not list 'tiny'"),
        (answers_as("text/html", b"<html>"), "warning", "does not list its models"),
        (refuses(401), "problem", "refuses the key (status 401)"),
        (refuses(500), "warning", "(status 500)"),
    ],
)
def test_the_language_model_is_asked_what_it_has(doctor, monkeypatch, fake, behaviour, status, words):
    fake.will(behaviour)
    monkeypatch.setenv("NEEDLE_LLM_BASE_URL", fake.base_url)
    monkeypatch.setenv("NEEDLE_LLM_MODEL", "tiny")
    monkeypatch.setenv("NEEDLE_LLM_API_KEY", SECRET)
    _, findings = doctor()
    assert findings["language model"].status == status
    assert words in findings["language model"].found
    assert fake.headers["authorization"] == f"Bearer {SECRET}"


def test_a_language_model_that_nobody_serves_is_a_problem(doctor, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    monkeypatch.setenv("NEEDLE_LLM_BASE_URL", f"http://127.0.0.1:{port}/v1")
    code, findings = doctor()
    assert (code, findings["language model"].status) == (1, "problem")
    assert "cannot be reached (ConnectError)" in findings["language model"].found


def test_packages_that_are_missing_or_too_old_are_named(monkeypatch):
    needs = ["numpy>=999", "no-such-package>=1", "pytest>=999; extra == 'dev'", "typer"]
    monkeypatch.setattr(metadata, "requires", lambda name: needs)
    finding = environment.packages()
    assert finding.status == "problem"
    assert finding.found == (
        f"numpy is {metadata.version('numpy')}, needed is >=999; no-such-package is missing"
    )


def test_several_threads_a_question_are_a_warning(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {0, 1})
    monkeypatch.setenv("OMP_NUM_THREADS", "8")
    assert environment.processors().status == "warning"
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    assert environment.processors().status == "ok"


def test_it_runs_where_everything_is_broken(request, tmp_path):
    variables = {
        "PYTHONPATH": str(request.config.rootpath),
        "NEEDLE_PORT": "high",
        "NEEDLE_INDEX": "/nowhere",
    }
    command = [sys.executable, "-m", "service.cli", "doctor"]
    ran = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, **variables}, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert "problem  settings" in ran.stdout
    assert ran.stderr == ""
