import json
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import EntryPoint

import pytest
import typer

from ingest.corpus import read_entries
from ingest.formats import Extracted, extract
from ingest.index import open_current
from service import cli


@pytest.fixture
def needle(monkeypatch, capsys, request, index_folder):
    """Run a command over the real corpus; give its exit code, output and errors."""
    monkeypatch.setenv("NEEDLE_CORPUS", str(request.config.rootpath / "corpus"))
    monkeypatch.setenv("NEEDLE_INDEX", str(index_folder))

    def run(*arguments: str) -> tuple[int, str, str]:
        code = cli.run(arguments)
        return code, *capsys.readouterr()

    return run


def test_help_lists_the_commands_without_loading_the_model(request):
    command = [sys.executable, "-X", "importtime", "-m", "service.cli", "--help"]
    root = request.config.rootpath
    ran = subprocess.run(command, capture_output=True, text=True, cwd=root, check=True)
    assert all(name in ran.stdout for name in ("ingest", "serve", "search", "inspect"))
    imported = {line.split("|")[-1].strip() for line in ran.stderr.splitlines()}
    assert not imported & {"torch", "faiss", "fastapi", "pydantic", "numpy"}


def test_help_loads_nothing_that_takes_long(request):
    script = (
        "import sys; from service.cli import run; run(['--help']);"
        "sys.exit(bool({'torch', 'faiss', 'numpy', 'fastapi', 'transformers'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", script], cwd=request.config.rootpath, check=True)


def test_ingesting_an_unchanged_corpus_is_nothing_to_do(needle):
    code, out, _ = needle("ingest")
    assert code == 0
    assert out.startswith("nothing to do: ")


def test_ingesting_tells_what_was_done(needle, monkeypatch, tmp_path, encoder):
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: encoder)
    monkeypatch.setenv("NEEDLE_INDEX", str(tmp_path / "fresh"))
    code, out, err = needle("ingest")
    assert code == 0
    assert out.startswith(f"wrote {tmp_path / 'fresh'}/")
    assert all(label in out for label in ("documents", "table row", "passages", "seconds", "MB"))
    assert "reading: 3 of 3" in err.splitlines()
    assert "\x1b" not in out + err


@pytest.fixture
def own(needle, monkeypatch, tmp_path, encoder, index_folder, request):
    """Commands over a copy of the corpus and its index, and a folder of files to add."""
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: encoder)
    shutil.copytree(request.config.rootpath / "corpus", tmp_path / "corpus")
    shutil.copytree(index_folder, tmp_path / "index")
    monkeypatch.setenv("NEEDLE_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("NEEDLE_INDEX", str(tmp_path / "index"))
    papers = tmp_path / "papers"
    papers.mkdir()
    (papers / "frost.md").write_text("# Frost at needles\n\n## Methods\n\nWe froze forty-two needles.\n")
    return papers


def test_files_are_added_and_removed_again(needle, own, tmp_path):
    (own / "latin.txt").write_bytes(b"Caf\xe9")
    code, out, err = needle("add", str(own))
    assert code == 1
    assert f"added {own / 'frost.md'} as frost-at-needles: Frost at needles" in out.splitlines()
    assert f"needle: {own / 'latin.txt'} failed: " in err
    assert list(open_current(tmp_path / "index").documents) == ["lim", "dinc", "hmp", "frost-at-needles"]

    code, out, err = needle("add", str(own / "frost.md"))
    assert (code, out.splitlines()[0]) == (0, f"{own / 'frost.md'} is there already, as frost-at-needles")

    code, out, err = needle("remove", "frost-at-needles", "dinc")
    assert (code, out.splitlines()[0]) == (0, "removed frost-at-needles: Frost at needles")
    assert list(open_current(tmp_path / "index").documents) == ["lim", "hmp"]
    assert not (tmp_path / "corpus" / "frost.md").exists()


def test_adding_tells_in_json_what_became_of_each_file(needle, own):
    code, out, _ = needle("add", "--json", str(own / "frost.md"), str(own / "none.md"))
    told = json.loads(out)
    assert code == 1
    assert [(file["status"], file["document_id"]) for file in told["files"]] == [
        ("added", "frost-at-needles"),
        ("failed", None),
    ]
    assert told["files"][1]["reason"] == f"{own / 'none.md'} does not exist; correct the path"
    assert (told["index"]["documents"], told["index"]["failed"]) == (4, [])


def test_when_every_file_fails_the_index_is_not_touched(needle, own):
    code, out, _ = needle("add", "--json", str(own / "none.md"))
    assert (code, json.loads(out)["index"]) == (1, None)


def test_ingesting_names_a_document_that_fails_and_that_it_is_kept(needle, own, tmp_path):
    (tmp_path / "corpus" / "dinc-ai-in-interventional-radiology.txt").unlink()
    code, out, err = needle("ingest")
    assert code == 1
    assert out.startswith("nothing to do: ")
    assert "needle: dinc failed: " in err
    assert "does not exist; put it there" in err
    assert "; the index keeps it as it was read last" in err
    assert json.loads(needle("ingest", "--json")[1])["failed"][0]["kept"] is True


class OtherModel:
    """The default model under other weights."""

    def __init__(self, encoder):
        self.info = replace(encoder.info, name="other", sha256="0" * 64)
        self.encode, self.is_word = encoder.encode, encoder.is_word


def test_another_model_is_asked_for_before_everything_is_embedded_anew(needle, own, monkeypatch, encoder):
    monkeypatch.setattr("ingest.build.load_encoder", lambda name: OtherModel(encoder))
    monkeypatch.setenv("NEEDLE_ENCODER", "other")
    code, _, err = needle("ingest")
    assert code == 2
    assert "agree with `needle ingest --yes`, or set NEEDLE_ENCODER=all-MiniLM-L6-v2" in err
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    asked = []
    monkeypatch.setattr(typer, "confirm", lambda question, **_: asked.append(question))
    assert needle("ingest")[0] == cli.INTERRUPTED
    assert asked == ["Embed them anew now?"]


@pytest.mark.usefixtures("quick_encoder")
def test_search_shows_passages_in_plain_text(needle):
    code, out, _ = needle(
        "search",
        "What did the COVER-ALL trial compare?",
        "--top-k",
        "3",
    )
    assert code == 0
    assert "conventional visual assessment" in out
    assert "https://doi.org/10.1016/S2468-1253(25)00024-X" in out
    assert "\x1b" not in out


@pytest.mark.usefixtures("quick_encoder")
def test_search_answers_in_json_as_the_api_does(needle, client):
    question, document = (
        "What did the COVER-ALL trial compare?",
        "hmp",
    )
    code, out, _ = needle("search", question, "--document", document, "--kind", "paragraph", "--json")
    assert code == 0
    fields = {"question": question, "document_ids": [document], "kinds": ["paragraph"]}
    expected = client.post("/v1/search", json=fields).json()
    found = json.loads(out)
    del expected["timings_ms"], found["timings_ms"]
    assert found == expected


def test_inspect_shows_blocks_tables_references_and_abbreviations(needle):
    code, out, _ = needle("inspect", "lim")
    assert code == 0
    assert "heading 1  411–419\nABSTRACT" in out
    assert "put back" in out
    assert "79 references" in out
    assert "odd: another reference is printed inside this entry" in out
    assert "TACE: " in out


def test_inspect_gives_spans_that_cut_the_text(needle, generation):
    code, out, _ = needle("inspect", "dinc", "--json")
    assert code == 0
    text = generation.documents["dinc"].text
    headings = [b for b in json.loads(out)["blocks"] if b["kind"] == "heading"]
    assert all(b["text"] in "".join(text[start:end] for start, end in b["spans"]) for b in headings)


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["inspect", "limm"], "no document has the id 'limm'; did you mean 'lim'?"),
        (["search", " "], "question is “ ”: it must have at least 1 character that is not blank"),
        (["search", "Q", "--top-k", "51"], "top_k is 51: it must be at most 50; lower it"),
        (["search", "Q", "--kind", "chapter"], "kinds[0] is “chapter”: it must be one of"),
        (["search"], "Missing argument 'QUESTION'"),
        (["serch"], "No such command 'serch'"),
        (["serve", "--port", "65536"], "Invalid value for '--port'"),
        (["serve", "--host", "no such host"], "cannot listen on no such host"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(needle, arguments, line):
    code, out, err = needle(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"needle: {line}")
    assert err.count("\n") == 1


def test_a_missing_index_is_one_line(needle, monkeypatch, tmp_path):
    monkeypatch.setenv("NEEDLE_INDEX", str(tmp_path / "none"))
    code, _, err = needle("search", "Q")
    assert code == 2
    assert "needle ingest" in err
    assert err.count("\n") == 1


def test_a_wrong_setting_is_one_line(needle, monkeypatch):
    monkeypatch.setenv("NEEDLE_PORT", "high")
    assert needle("serve") == (
        2,
        "",
        "needle: NEEDLE_PORT is “high”: it must be a whole number; write it in digits\n",
    )


def test_ctrl_c_is_quiet(needle, monkeypatch):
    def interrupted() -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(cli._COMMANDS, "wait", interrupted)
    assert needle("wait") == (130, "", "")


def test_adding_that_is_stopped_keeps_what_was_read_and_says_so(needle, monkeypatch, tmp_path):
    monkeypatch.setenv("NEEDLE_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("NEEDLE_INDEX", str(tmp_path / "index"))
    for name in ("a", "b"):
        (tmp_path / f"{name}.md").write_text(f"# Needle {name}\n\n## Methods\n\nWe froze it.\n")

    def stop_at_second(content: bytes, name: str) -> Extracted:
        if name.endswith("b.md"):
            raise KeyboardInterrupt
        return extract(content, name)

    monkeypatch.setattr("ingest.additions.extract_apart", stop_at_second)
    code, out, err = needle("add", str(tmp_path / "a.md"), str(tmp_path / "b.md"))
    assert (code, out) == (130, "")
    assert "stopped; the files read so far are in the corpus" in err
    assert [entry.id for entry in read_entries(tmp_path / "corpus")] == ["needle-a"]


def plugged_in(monkeypatch, **commands: object) -> None:
    class Entry:
        def __init__(self, name: str, command: object) -> None:
            self.name, self.value, self._command = name, f"package:{name}", command

        def load(self) -> object:
            if isinstance(self._command, Exception):
                raise self._command
            return self._command

    entries = [Entry(name, command) for name, command in commands.items()]
    monkeypatch.setattr(cli, "entry_points", lambda group: entries if group == "needle.commands" else [])


def test_another_package_adds_a_function(needle, monkeypatch):
    def greet(name: str) -> None:
        typer.echo(f"hello {name}")

    plugged_in(monkeypatch, greet=greet)
    assert needle("greet", "you") == (0, "hello you\n", "")


def test_another_package_adds_commands_of_its_own(needle, monkeypatch):
    group = typer.Typer()
    group.command("one")(lambda: typer.echo("first"))
    group.command("two")(lambda: typer.echo("second"))
    plugged_in(monkeypatch, group=group)
    assert needle("group", "two") == (0, "second\n", "")


def test_a_broken_plugin_does_not_break_the_others(needle, monkeypatch):
    plugged_in(monkeypatch, broken=ImportError("no module"), greet=lambda: typer.echo("hello"))
    code, out, err = needle("greet")
    assert (code, out) == (0, "hello\n")
    assert err.startswith("needle: the command 'broken' cannot be loaded (no module)")


def test_the_entry_point_is_a_function(request):
    del request
    assert EntryPoint("needle", "service.cli:main", "console_scripts").load() is cli.main
