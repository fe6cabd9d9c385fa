"""Answering takes neither torch nor what only ingesting needs, where the exported graph is cached."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest

HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "huggingface_hub",
    "onnx",
    "langchain_text_splitters",
    "qdrant_client",
}
_SCRIPT = """
import sys
from service.cli import run
code = run(sys.argv[1:])
print("loaded:", *sorted(set(sys.modules)))
sys.exit(code)
"""
_SERVE = """
import asyncio, sys
from service.app import create_app
from service.cli.serve import _opened
from service.settings import load_settings

async def start_and_stop(app):
    async with app.router.lifespan_context(app):
        pass

settings = load_settings()
asyncio.run(start_and_stop(create_app(settings, _opened(settings))))
print("loaded:", *sorted(set(sys.modules)))
"""


@pytest.fixture
def loaded(request, index_folder):
    """Run a script; give the modules that it has loaded in the end."""

    def run(script, *arguments, **variables):
        root = request.config.rootpath
        ran = subprocess.run(
            [sys.executable, "-c", script, *arguments],
            env={
                **os.environ,
                "PYTHONPATH": str(root),
                "NEEDLE_INDEX": str(index_folder),
                "NEEDLE_CORPUS": str(root / "corpus"),
                **variables,
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert ran.returncode in (0, 1), ran.stderr
        return set(ran.stdout.rpartition("loaded: ")[2].split())

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "What is TACE?"),
        ("ask", "What is TACE?"),
        ("verify", "TACE is a treatment."),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_question_needs_no_torch(loaded, arguments):
    modules = loaded(_SCRIPT, *arguments)
    assert "onnxruntime" in modules
    assert modules & HEAVY == set()


def test_serving_needs_no_torch_and_makes_no_mcp_server_before_it_is_asked_for(loaded):
    modules = loaded(_SERVE)
    assert {"onnxruntime", "fastapi"} <= modules
    assert modules & {*HEAVY, "mcp"} == set()


def test_ingesting_a_changed_corpus_needs_no_torch_either(loaded, index_folder, tmp_path, request):
    corpus = shutil.copytree(request.config.rootpath / "corpus", tmp_path / "corpus")
    (corpus / "new.md").write_text("# Ice\n\nCryoablation freezes a tumor through thin needles.\n")
    digest = hashlib.sha256((corpus / "new.md").read_bytes()).hexdigest()
    with (corpus / "corpus.toml").open("a") as manifest:
        manifest.write(f'\n[[documents]]\nid = "new"\nfile = "new.md"\ntitle = "Ice"\nsha256 = "{digest}"\n')
    index = shutil.copytree(index_folder, tmp_path / "index")
    modules = loaded(_SCRIPT, "ingest", NEEDLE_CORPUS=str(corpus), NEEDLE_INDEX=str(index))
    assert "onnxruntime" in modules
    assert modules & {"torch", "transformers", "sentence_transformers"} == set()
