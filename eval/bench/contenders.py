"""The services that are measured: Needle, and what people would otherwise use."""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from eval.bench.load import Request, request_bytes

TOP_K = 5
INSTALL = "pip install -c constraints.txt 'needle[bench]'"


@dataclass(frozen=True, slots=True)
class Contender:
    """A service: how it is started, when it is ready, how it is asked.

    module: run with `python -m`; arguments come after it, with {folder}, {model}, {index} and {port} filled
        in. build: arguments that make its index, if it has one of its own.
    needs: packages that have to be installed.
    """

    name: str
    about: str
    module: str
    arguments: Sequence[str]
    ready: str
    request: Request
    build: Sequence[str] = ()
    needs: Sequence[str] = ()

    def missing(self) -> list[str]:
        """Those of its packages that are not installed."""
        return [name for name in self.needs if find_spec(name) is None]

    def command(self, arguments: Sequence[str], **places: str | int | Path) -> list[str]:
        """The command line with these arguments."""
        return [sys.executable, "-m", self.module, *(each.format(**places) for each in arguments)]


def _posted(path: str) -> Request:
    def request(question: str) -> bytes:
        return request_bytes("POST", path, json.dumps({"question": question, "top_k": TOP_K}).encode())

    return request


def _txtai(question: str) -> bytes:
    return request_bytes("GET", f"/search?query={quote(question)}&limit={TOP_K}")


_PEER_BUILD = ("build", "{folder}", "{model}")
_PEER_SERVE = ("serve", "{folder}", "{model}", "{port}")

NEEDLE = Contender(
    "needle",
    "`needle serve`, `POST /v1/search`: dense, BM25 and late interaction, verbatim spans, cited studies",
    "service.cli",
    ("serve", "--port", "{port}"),
    "/readyz",
    _posted("/v1/search"),
)
PEERS = (
    Contender(
        "langchain",
        "LangChain: FAISS vector store and HuggingFaceEmbeddings behind one FastAPI route; dense alone",
        "eval.bench.peers.langchain_faiss",
        _PEER_SERVE,
        "/readyz",
        _posted("/search"),
        _PEER_BUILD,
        ("langchain_community",),
    ),
    Contender(
        "txtai",
        "txtai’s API, `GET /search`, texts kept; dense alone",
        "eval.bench.peers.txtai_api",
        _PEER_SERVE,
        "/count",
        _txtai,
        _PEER_BUILD,
        ("txtai", "fastapi_mcp"),
    ),
)
