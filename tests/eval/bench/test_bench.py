"""A whole run, as short as can be: the real service in its own process, one peer that is not there."""

import json
from dataclasses import replace

import pytest

from eval.bench import cli
from eval.bench.contenders import NEEDLE, PEERS
from eval.bench.outcome import as_json, write
from eval.bench.rounds import Plan
from eval.bench.tables import show
from eval.errors import PackageMissing
from service.settings import Settings

TINY = Plan(starts=1, rounds=1, seconds=0.1, clients=(1, 2), busy_clients=(1,))


@pytest.fixture(scope="module")
def outcome(index_folder, encoder, pytestconfig):
    """encoder: exported, so that the service need not do it."""
    absent = replace(PEERS[0], needs=("no_such_package",))
    settings = Settings(index=index_folder, corpus=pytestconfig.rootpath / "corpus")
    return cli.run(settings, (NEEDLE, absent), TINY)


def test_everything_is_measured_once(outcome):
    loads = {(load["system"], load["clients"], load["neighbour"]) for load in as_json(outcome)["loads"]}
    service = {("needle", 1, False), ("needle", 2, False), ("needle", 1, True)}
    floors = {(n, t, b) for n in ("encoder", "encoder + FAISS") for t in (1, 2) for b in (False, True)}
    assert loads == service | floors
    assert all(load["failures"] == 0 for load in as_json(outcome)["loads"])
    assert outcome.measured.starts["needle"][0] > 0
    assert outcome.measured.memory["needle"][1] >= 3


def test_a_peer_that_is_not_installed_is_left_out_for_all_to_see(outcome, tmp_path, capsys):
    show(outcome)
    said = "not installed: no_such_package; install with: pip install"
    assert said in capsys.readouterr().out
    figures, page = write(tmp_path / "here", outcome)
    assert said in json.loads(figures.read_text())["left_out"]["langchain"]
    assert f"<b>langchain was left out: </b>{said}" in page.read_text()


def test_the_report_is_one_file_with_plots(outcome, tmp_path):
    page = write(tmp_path, outcome)[1].read_text()
    assert page.count("<svg") == 3  # latency alone and beside a neighbour, throughput
    assert "<script" not in page
    assert " src=" not in page


def test_without_what_it_needs_it_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("eval.bench.cli.find_spec", lambda name: None)
    with pytest.raises(PackageMissing, match="psutil is not installed; install with: pip install"):
        cli.command(quick=True, out=tmp_path)
