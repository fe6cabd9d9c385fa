import json
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest
import typer

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
