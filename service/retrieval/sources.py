"""Which documents a question speaks of."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

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


# A name that more documents share tells none of them, and so many are not spoken of at once.
_MOST = 10


class Sources:
    """Knows the documents of a generation by what people call them: surname, year, title, publisher."""

    def __init__(self, documents: Mapping[str, Document]) -> None:
        named = {document_id: _names(document) for document_id, document in documents.items()}
        shared = Counter(name.lower() for names in named.values() for name in set(names))
        self._names = {key: [n for n in names if shared[n.lower()] <= _MOST] for key, names in named.items()}
        # By the rarest word of each name: of many documents a question then meets few.
        common = Counter(word for names in self._names.values() for name in names for word in _words(name))
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)
        for place, names in enumerate(self._names.values()):
            for name in names:
                self._by_word[min(_words(name), key=lambda word: common[word], default="")].add(place)
        self._ids = list(self._names)

    def spoken_of(self, question: str) -> list[str]:
        """The documents that a question names; all of them where it speaks of several without naming two."""
        named = [
            key
            for key in self._likely(question)
            if _pattern(r"\b(?:{name})\b", self._names[key]).search(question)
        ]
        if len(named) < 2 and len(self._ids) <= _MOST and _SPEAKS_OF_SEVERAL.search(question):
            return self._ids
        return named

    def without_names(self, question: str) -> str:
        """`question` without the names of documents: words that no passage answers, but many hold."""
        for key in self._likely(question):
            question = _pattern(_NAMED, self._names[key]).sub(" ", question)
        return " ".join(question.split())

    def _likely(self, question: str) -> list[str]:
        """The documents of which a name may stand in `question`, in order."""
        words = {"", *_words(question)}
        return [self._ids[place] for place in sorted({n for w in words for n in self._by_word.get(w, ())})]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _pattern(around: str, names: Sequence[str]) -> re.Pattern[str]:
    return _compiled(around.format(name="|".join(map(re.escape, names))))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _names(document: Document) -> list[str]:
    surnames = [author.split()[-1] for author in document.authors]
    titles = [part.strip() for part in document.title.split(":") if len(part.split()) > 1]
    years = [document.date[:4]] if document.date else []
    publisher = [document.publisher.split()[0]] if document.publisher else []
    return [document.id, *surnames, *titles, *years, *publisher]
