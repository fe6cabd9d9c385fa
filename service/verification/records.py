"""What is verified against what, and what comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ingest.records import Passage, Sentence, Span
from ingest.searchable import Searchable
from ingest.tokens import PassageTokens
from service.verification.reading import read


@dataclass(frozen=True, slots=True)
class Evidence:
    """A text that is to bear a claim out.

    text: what a person reads; table rows as "Header: value; Header: value", or with bars as in the document.
    sentences: where its sentences stand in `text` and in the document; found in the text if empty.
    abbreviations: (short form, long form) of its document.
    context: what stands around it (title, authors, section, caption): names there count as named.
    tokens: its token vectors, if it comes from an index; else the text is encoded.
    """

    text: str
    passage_id: str | None = None
    sentences: tuple[Sentence, ...] = ()
    abbreviations: tuple[tuple[str, str], ...] = ()
    context: tuple[str, ...] = ()
    tokens: PassageTokens | None = None


@dataclass(frozen=True, slots=True)
class Support:
    """A sentence that speaks for or against a claim.

    start, end: where it stands in the readable text of the evidence.
    spans: where it stands in the document; empty if the evidence was a text of its own.
    """

    text: str
    passage_id: str | None
    start: int
    end: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the evidence says what the claim says.

    score: 0 to 1, how likely it is supported; `verdict` is "supported" from one half on.
    reasons: what is wrong, in words, gravest first; of a supported claim, that nothing is.
    evidence: the sentences that bear it out or contradict it, in the order of the text.
    """

    verdict: Literal["supported", "unsupported"]
    score: float
    reasons: tuple[str, ...]
    evidence: tuple[Support, ...]


def evidence_of(generation: Searchable, passage: Passage) -> Evidence:
    """A passage of the index as evidence, with its stored token vectors."""
    document = generation.documents[passage.document_id]
    caption = passage.table.caption if passage.table else passage.caption
    return Evidence(
        text=passage.text,
        passage_id=passage.id,
        sentences=passage.sentences,
        abbreviations=tuple((pair.short, pair.long) for pair in document.abbreviations),
        context=(document.title, *document.authors, *passage.section, *([caption] if caption else [])),
        tokens=generation.tokens_of([passage])[0],
    )


def joined(texts: Sequence[Evidence]) -> Evidence:
    """Several texts as one, a blank between them."""
    if len(texts) == 1:
        return texts[0]
    sentences: list[Sentence] = []
    offset = 0
    for text in texts:
        known = text.sentences or tuple(Sentence(start, end, ()) for start, end in read(text.text).sentences)
        sentences += [replace(s, start=s.start + offset, end=s.end + offset) for s in known]
        offset += len(text.text) + 1
    stored = [text.tokens for text in texts if text.tokens is not None]
    return Evidence(
        text=" ".join(text.text for text in texts),
        sentences=tuple(sentences),
        abbreviations=tuple(dict.fromkeys(pair for text in texts for pair in text.abbreviations)),
        context=tuple(dict.fromkeys(line for text in texts for line in text.context)),
        tokens=_tokens_joined(stored) if len(stored) == len(texts) else None,
    )


def _tokens_joined(tokens: Sequence[PassageTokens]) -> PassageTokens:
    rows = np.cumsum([0, *(len(one.ids) for one in tokens[:-1])])
    return PassageTokens(
        np.concatenate([one.vectors for one in tokens]),
        np.concatenate([one.ids for one in tokens]),
        np.concatenate([one.sentences + row for one, row in zip(tokens, rows, strict=True)]).astype(np.int32),
    )


def known_abbreviations(generation: Searchable) -> tuple[tuple[str, str], ...]:
    """The abbreviations of all documents, for a text that comes with none of its own."""
    return tuple(dict.fromkeys(generation.abbreviations))
