"""txtai's own API over its embeddings database, the passages' texts in it, as its documents show it."""

import json
import os
import sys
from pathlib import Path

_INDEX = "txtai"


def build(folder: Path, model: str) -> None:
    """Make the embeddings database of the passages in `folder`."""
    from txtai import Embeddings

    passages = json.loads((folder / "passages.json").read_text(encoding="utf-8"))
    embeddings = Embeddings(path=model, content=True)
    embeddings.index(passages)
    embeddings.save(str(folder / _INDEX))


def serve(folder: Path, model: str, port: int) -> None:
    """Answer `GET /search`, as txtai does."""
    import uvicorn

    config = folder / "txtai.yml"
    # JSON is YAML.
    config.write_text(json.dumps({"path": str(folder / _INDEX), "embeddings": {"path": model}}))
    os.environ["CONFIG"] = str(config)
    uvicorn.run("txtai.api:app", port=port, log_level="warning")


if __name__ == "__main__":
    if sys.argv[1] == "build":
        build(Path(sys.argv[2]), sys.argv[3])
    else:
        serve(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
