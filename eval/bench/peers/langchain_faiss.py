"""LangChain as its documents show it: HuggingFaceEmbeddings, the FAISS vector store, one FastAPI route."""

import json
import sys
from pathlib import Path
from typing import Any

_INDEX = "langchain"


def build(folder: Path, model: str) -> None:
    """Make the vector store of the passages in `folder`."""
    from langchain_community.vectorstores import FAISS

    passages = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
    FAISS.from_texts(passages, _embeddings(model)).save_local(str(folder / _INDEX))


def serve(folder: Path, model: str, port: int) -> None:
    """Answer `POST /search` with the five nearest passages."""
    import uvicorn
    from fastapi import FastAPI
    from langchain_community.vectorstores import FAISS
    from pydantic import BaseModel

    # The file was written by `build` a moment ago.
    store = FAISS.load_local(str(folder / _INDEX), _embeddings(model), allow_dangerous_deserialization=True)
    app = FastAPI()

    class Question(BaseModel):
        question: str
        top_k: int = 5

    # One that is no coroutine runs in FastAPI's threads, as it should.
    @app.post("/search")
    def search(asked: Question) -> list[dict[str, Any]]:
        found = store.similarity_search_with_score(asked.question, k=asked.top_k)
        return [{"text": document.page_content, "score": float(score)} for document, score in found]

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    uvicorn.run(app, port=port, log_level="warning")


def _embeddings(model: str) -> Any:  # noqa: ANN401  # the package has no types
    from langchain_community.embeddings import HuggingFaceEmbeddings

    return HuggingFaceEmbeddings(model_name=model, encode_kwargs={"normalize_embeddings": True})


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]), sys.argv[3])
    else:
        serve(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
