"""Which documents a question speaks of."""

import re
from collections.abc import Mapping

from ingest.records import Document

# Words for the documents themselves, in the plural or beside a word for all or two of them.
_SPEAKS_OF_SEVERAL = re.compile(
    r"\b(?:both|all|two|three|these|those|your|each|other|another|different|between|across)\b[^.?!]{0,25}"
    r"\b(?:documents?|papers?|articles?|sources?|texts?|publications?|reviews?|pieces?)\b",
    re.IGNORECASE,
)

# A name with what goes along: "according to Lim et al.", "in the 2017 article", "Dinc's".
_NAMED = (
    r"(?:\b(?:according to|in|by|of|for) )?(?:\bthe )?\b(?:{name})\b(?:['’]s)?"
    r"(?: (?:et al\b\.?|(?:and (?:colleagues|co-?workers)|reviews?|papers?|articles?|texts?)\b))*"
)


class Sources:
    """Knows the documents of a generation by what people call them: surname, year, title, publisher."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        names = {document_id: _names(document) for document_id, document in documents.items()}
        self._names = {key: re.compile(rf"\b(?:{name})\b", re.IGNORECASE) for key, name in names.items()}
        self._phrases = [re.compile(_NAMED.format(name=name), re.IGNORECASE) for name in names.values()]

    def spoken_of(self, question: str) -> list[str]:
        """The documents that a question names; all of them where it speaks of several without naming two."""
        named = [document_id for document_id, names in self._names.items() if names.search(question)]
        if len(named) < 2 and _SPEAKS_OF_SEVERAL.search(question):
            return list(self._names)
        return named

    def without_names(self, question: str) -> str:
        """`question` without the names of documents: words that no passage answers, but many hold."""
        for phrase in self._phrases:
            question = phrase.sub(" ", question)
        return " ".join(question.split())


def _names(document: Document) -> str:
    surnames = [author.split()[-1] for author in document.authors]
    titles = [part.strip() for part in document.title.split(":") if len(part.split()) > 1]
    years = [document.date[:4]] if document.date else []
    publisher = [document.publisher.split()[0]] if document.publisher else []
    names = [document.id, *surnames, *titles, *years, *publisher]
    return "|".join(re.escape(name) for name in names)
