"""Which finder a generation has: by where its passages lie."""

from ingest.index import Generation
from ingest.searchable import Searchable
from service.retrieval.candidates import Finder
from service.retrieval.embedded_finding import EmbeddedFinder


def finder_of(generation: Searchable) -> Finder:
    """What finds candidates in this generation."""
    if isinstance(generation, Generation):
        return EmbeddedFinder(generation)
    # Only where the index is on a server is there need of what speaks to it.
    from ingest.qdrant_reader import QdrantGeneration
    from service.retrieval.qdrant_finding import QdrantFinder

    assert isinstance(generation, QdrantGeneration)
    return QdrantFinder(generation)
