import json
import os
import signal
import subprocess
import sys

import pytest

from service import cli
from tests.service.answers.scripted_llm import chunk, never_ends, says

QUESTION = "What did the COVER-ALL trial compare?"
TITLE = "Artificial Intelligence Advances in Interventional Oncology: Year in Review"
TRUE = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"


@pytest.fixture
def needle(monkeypatch, capsys, index_folder, quick_encoder):
    """Run `needle ask` over the real corpus, with these lines typed; give exit code, output and errors."""
    del quick_encoder
    monkeypatch.setenv("NEEDLE_INDEX", str(index_folder))

    def run(*arguments: str, typed: tuple[str, ...] = ()) -> tuple[int, str, str]:
        lines = iter(typed)

        def read(prompt: str) -> str:
            try:
                return next(lines)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", read)
        code = cli.run(("ask", *arguments))
        return code, *capsys.readouterr()

    return run


def test_an_answer_comes_with_numbered_sources_in_plain_text(needle):
    code, out, err = needle(QUESTION)
    assert (code, err) == (0, "")
    answer, _, sources = out.partition("\n\nSources:\n")
    assert "conventional visual assessment. [1]" in answer
    assert sources.startswith(f"[1] {TITLE} — Main Findings\n    “The COVER-ALL trial compared")
    assert "\x1b" not in out


def test_a_question_without_an_answer_names_the_nearest_passages(needle):
    code, out, _ = needle("What is the capital of Mongolia?")
    assert code == 0
    assert "Nearest passages:" in out
    assert "Sources:" not in out


def test_json_is_what_the_api_answers(needle, client):
    code, out, _ = needle(QUESTION, "--document", "hmp", "--compose", "extractive", "--json")
    fields = {"question": QUESTION, "document_ids": ["hmp"], "compose": "extractive"}
    expected, found = client.post("/v1/answer", json=fields).json(), json.loads(out)
    del expected["timings_ms"], found["timings_ms"]
    assert (code, found) == (0, expected)


def test_a_language_model_composes_if_one_is_set_up(needle, monkeypatch, fake):
    monkeypatch.setenv("NEEDLE_LLM_BASE_URL", fake.base_url)
    fake.will(says(f"{TRUE} [1]."))
    assert needle(QUESTION)[1].startswith(f"{TRUE}. [1]\n\nSources:\n[1] {TITLE}")


def test_why_a_language_model_was_of_no_use_is_told(needle, monkeypatch, fake):
    monkeypatch.setenv("NEEDLE_LLM_BASE_URL", fake.base_url)
    fake.will(says("CANNOT_ANSWER"))
    assert "(the language model found no answer in the passages, so these are" in needle(QUESTION)[1]


def test_a_conversation_understands_what_it_refers_to(needle):
    code, out, err = needle("--json", typed=(QUESTION, "", "Was it safe?", "exit", "What is TACE?"))
    assert (code, err) == (0, "")
    answers = out.replace("\n}\n{", "\n}\x00{").split("\x00")
    assert len(answers) == 2
    assert "COVER-ALL" in json.loads(answers[1])["standalone_question"]


def test_a_conversation_goes_on_after_a_mistake(needle):
    code, out, err = needle(typed=("x" * 2001, QUESTION))
    assert code == 0
    assert err.startswith("needle: question is “xxx")
    assert "conventional visual assessment" in out


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((QUESTION, "--compose", "llm"), "compose is 'llm' and no language model is set up"),
        ((QUESTION, "--compose", "gpt"), "compose is “gpt”: it must be one of 'extractive', 'llm' or 'auto'"),
        ((QUESTION, "--document", "nobody"), "no document has the id 'nobody'"),
        ((" ",), "question is “ ”: it must have at least 1 character"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(needle, arguments, line):
    code, out, err = needle(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"needle: {line}")
    assert err.count("\n") == 1


def test_ctrl_c_stops_the_answer_and_not_the_conversation(request, index_folder, fake):
    fake.will(never_ends(chunk("and on "), pause=0.01), says(f"{TRUE} [1]."))
    variables = {"NEEDLE_LLM_BASE_URL": fake.base_url, "NEEDLE_INDEX": str(index_folder)}
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "ask"],
        cwd=request.config.rootpath,
        env={**os.environ, **variables},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    process.stdin.write(f"{QUESTION}\n")
    process.stdin.flush()
    assert fake.called.wait(60)
    process.send_signal(signal.SIGINT)
    assert fake.gone.wait(5)
    out, err = process.communicate(f"{QUESTION}\nexit\n", timeout=60)
    assert (process.returncode, err) == (0, "needle: stopped\n")
    assert out.startswith(f"{TRUE}. [1]\n")
