"""Sentence boundaries in readable English prose."""

import re

from ingest.records import Span

# The end of a sentence, its closing quotes and brackets, white space, then what can open a sentence.
_CANDIDATE = re.compile(r"[.!?…][\"”’)\]]*\s+(?=[\"“‘(\[]?[A-Z0-9À-ÖØ-Þ])")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[“\"])(?:"
    r"e\.g|i\.e|cf|vs|al|approx|ca|resp|viz|Dr|Drs|Mr|Mrs|Ms|Prof|St|Fig|Figs|Tab|Ref|Refs|Eq|Eqs|Sec|No|Nos|Vol|p|pp|Suppl|min|max|eds?"
    r"|Inc|Ltd|Co|[A-Z](?:\.[A-Z])*"
    r")\.$"
)
# "et al." and "vs." never end a sentence here; single capitals and titles are initials before a name.


def split_sentences(text: str) -> list[Span]:
    """The sentences of `text` as spans of it, in order, without the white space between them."""
    spans: list[Span] = []
    start = 0
    for match in _CANDIDATE.finditer(text):
        stop = match.start() + 1
        if _ABBREVIATION.search(text[max(start, stop - 16) : stop]):
            continue
        end = start + len(text[start : match.end()].rstrip())
        spans.append((start, end))
        start = match.end()
    if start < len(text.rstrip()):
        spans.append((start, len(text.rstrip())))
    return spans
