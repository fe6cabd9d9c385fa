"""All systems that can be measured in this process, by name."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from eval.baselines import METHODS, ChunkIndex, ChunkSystem, chunk
from eval.errors import UnknownSystem
from eval.systems import NeedleSystem, System
from ingest.encoder import Encoder
from ingest.searchable import Searchable
from service.retrieval.ranking import RANKINGS

_BASELINES = {f"langchain-{method}": method for method in METHODS}
NAMES: tuple[str, ...] = (*_BASELINES, *RANKINGS)


def check_names(names: Sequence[str]) -> None:
    """Raises UnknownSystem for a name that is not in NAMES."""
    for name in names:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, n=1)
            mend = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(NAMES)}"
            raise UnknownSystem(f"no system is called {name!r}; {mend}")


def make_systems(
    names: Sequence[str], generation: Searchable, encoder: Encoder, texts: Mapping[str, str]
) -> list[System]:
    """The systems of these names; the baselines share their chunks of `texts` (document id to text)."""
    check_names(names)
    chunks = ChunkIndex(chunk(texts), encoder)
    return [
        ChunkSystem(_BASELINES[name], chunks)
        if name in _BASELINES
        else NeedleSystem(name, generation, encoder)
        for name in names
    ]
