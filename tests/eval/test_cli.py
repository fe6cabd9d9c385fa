import json
from importlib.metadata import EntryPoint

import pytest

from eval.questions import load_questions
from eval.remembering import RememberingEncoder
from service import cli

PICKED = ("fact-01", "fact-02", "table_cell-01", "follow_up-01", "near-01", "off_topic-01")


@pytest.fixture(scope="module")
def remembering(encoder):
    """Encodes each question once for all of these tests."""
    return RememberingEncoder(encoder)


@pytest.fixture
def needle(monkeypatch, capsys, pytestconfig, index_folder, remembering, tmp_path):
    """Run a command over the real corpus and six questions; give its exit code, output and errors."""
    plugin = EntryPoint("eval", "eval.cli:command", "needle.commands")
    monkeypatch.setattr("service.cli.entry_points", lambda group: [plugin])
    monkeypatch.setattr("eval.suite.load_encoder", lambda name: remembering)
    monkeypatch.setattr("ingest.encoder.load_encoder", lambda name: remembering)
    monkeypatch.setenv("NEEDLE_CORPUS", str(pytestconfig.rootpath / "corpus"))
    monkeypatch.setenv("NEEDLE_INDEX", str(index_folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    lines = [q.model_dump_json() for q in load_questions() if q.id in PICKED]
    (tmp_path / "six.jsonl").write_text("\n".join(lines), encoding="utf-8")

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(["eval", *arguments])
        return code, *capsys.readouterr()

    return run


def test_it_prints_tables_and_writes_results(needle, tmp_path):
    code, out, err = needle("--questions", "six.jsonl", "--config", "full", "--config", "langchain-bm25")
    assert code == 0
    assert "4 answerable questions of 6, split all" in out
    assert all(name in out for name in ("R@5", "nDCG@10", "AUROC", "p50 ms", "langchain-bm25", "table_cell"))
    assert "full: 6 of 6" in err.splitlines()
    results = json.loads((tmp_path / "eval/results/results.json").read_text())
    assert results["questions"]["fact"] == 2
    full = results["systems"]["full"]
    assert set(full["questions"]) == set(PICKED)
    value, low, high = full["parts"]["all"]["measures"]["recall@5"]
    assert 0 <= low <= value <= high <= 1
    names = {path.name for path in (tmp_path / "eval/results").iterdir()}
    assert names == {"results.json", "report.html", "qrels.txt", "full.run", "langchain-bm25.run"}


def test_it_compares_two_systems(needle, tmp_path):
    code, out, _ = needle("--questions", "six.jsonl", "--compare", "dense", "full", "--out", "here")
    assert code == 0
    assert "full against dense" in out
    assert "wins of full in recall@5:" in out
    assert json.loads((tmp_path / "here/results.json").read_text())["comparison"]["second"] == "full"


def test_it_asks_one_split(needle):
    code, out, _ = needle("--questions", "six.jsonl", "--split", "dev", "--config", "bm25")
    assert code == 0
    assert "split dev" in out


def test_it_measures_a_running_service(needle, client):
    code, out, _ = needle("--questions", "six.jsonl", "--url", str(client.base_url))
    assert code == 0
    assert "service by type" in out
    assert "langchain" not in out


def test_the_check_fails_under_a_floor(needle, monkeypatch, tmp_path):
    floors = tmp_path / "floors.toml"
    monkeypatch.setattr("eval.floors.FILE", floors)
    floors.write_text('[at_least]\n"recall@10" = 0.1\n')
    code, out, _ = needle("--questions", "six.jsonl", "--check")
    assert (code, out.splitlines()[-1]) == (0, "“full” keeps every floor")
    floors.write_text('[at_least]\n"recall@10" = 1.1\n')
    code, _, err = needle("--questions", "six.jsonl", "--check")
    assert code == 1
    assert "recall@10 of 'full' is 1.000 and must be 1.100 or more; mend the ranking" in err


def test_an_unknown_system_is_refused_before_anything_is_loaded(needle, monkeypatch):
    monkeypatch.setattr("eval.suite.load_encoder", None)
    code, _, err = needle("--config", "ful")
    assert code == 2
    assert "no system is called 'ful'; did you mean 'full'?" in err


def test_it_measures_a_collection(needle, tmp_path):
    (tmp_path / "zoo/qrels").mkdir(parents=True)
    (tmp_path / "zoo/corpus.jsonl").write_text(
        '{"_id": "1", "text": "Cats purr."}\n{"_id": "2", "text": "Dogs bark."}'
    )
    (tmp_path / "zoo/queries.jsonl").write_text('{"_id": "a", "text": "dogs"}')
    (tmp_path / "zoo/qrels/test.tsv").write_text("query-id\tcorpus-id\tscore\na\t2\t1\n")
    code, out, err = needle("--beir", "zoo", "--config", "full", "--out", "here")
    assert code == 0
    assert "embedding: 2 of 2" in err
    assert "nDCG@10" in out
    scores = json.loads((tmp_path / "here/beir-zoo.json").read_text())
    assert scores["full"]["ndcg_at_10"] == 1


def test_answers_are_measured_by_type(needle):
    code, out, _ = needle("--answers", "--questions", "six.jsonl")
    assert code == 0
    assert "extractive answers, split all" in out
    assert all(name in out for name in ("says all", "cites", "words", "table_cell", "off_topic"))
