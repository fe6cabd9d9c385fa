"""What a generation of the index is to whoever answers from it, wherever its passages lie."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Protocol

from ingest.encoder import Float32, Int32
from ingest.index import Manifest
from ingest.records import Document, Passage
from ingest.tokens import PassageTokens


class Searchable(Protocol):
    """An opened generation: it never changes, and stays readable while another becomes current.

    Safe to use from several threads at once. What lies on a server raises IndexUnreachable when that is gone.
    """

    @property
    def name(self) -> str:
        """Begins with the time at which it was built."""

    @property
    def manifest(self) -> Manifest:
        """What it says of itself."""

    @property
    def documents(self) -> Mapping[str, Document]:
        """By id, in the order of the corpus."""

    @property
    def described(self) -> Mapping[str, Document]:
        """The same; text, pages, references, abbreviations and oddities may be left out."""

    @property
    def abbreviations(self) -> Sequence[tuple[str, str]]:
        """Short and long forms that the documents explain, in their order."""

    @property
    def vocabulary(self) -> Container[str]:
        """Every term that occurs (`ingest.lexical.terms`)."""

    @property
    def words(self) -> Mapping[str, int]:
        """How often each word of four letters or more occurs as it is written, in lower case."""

    def words_starting(self, letter: str) -> Sequence[str]:
        """Those of the words that start with a letter."""

    def searched_texts(self) -> Iterator[str]:
        """What is searched of each passage, in order."""

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id. Raises KeyError if there is none."""

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one in its document."""

    def kinds(self) -> Mapping[str, Mapping[str, int]]:
        """How many passages of each kind each document has, by the document's id."""

    def tokens_of(self, passages: Sequence[Passage]) -> list[PassageTokens]:
        """The token vectors of each of some passages."""

    def rarity(self, ids: Int32) -> Float32:
        """The idf of word pieces, (t,) float32; one that no passage holds is as rare as can be."""
