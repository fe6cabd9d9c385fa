"""Studies that a question names by their first author: what cites them says what they found."""

import re
from collections.abc import Sequence

import numpy as np

from ingest.encoder import Float32
from ingest.named_studies import first_author
from ingest.records import Passage

# These ask for the entry of the bibliography itself.
_ASKS_FOR_ENTRY = re.compile(
    r"\b(?:doi|pmid|journals?|titles?|titled|publi(?:cation|sh)\w*|appear\w*|volume|issue|authors?"
    r"|cit(?:e[sd]?|ation)|references?|link|where|when|(?:what|which) year)\b",
    re.IGNORECASE,
)
# On the scale of standardised scores.
_CITES = 1.0


def priors(question: str, passages: Sequence[Passage]) -> Float32:
    """What is added to the fused score of each passage, (n,) float32: more, if it cites a study named.

    A study is known by its entry among `passages`, which its author's name leads to.
    """
    added = np.zeros(len(passages), np.float32)
    if _ASKS_FOR_ENTRY.search(question):
        return added
    named = {
        (passage.document_id, number)
        for passage in passages
        if passage.kind == "reference" and _names(question, passage.text)
        for number in passage.references
    }
    if named:
        cites = [
            passage.kind != "reference" and any((passage.document_id, n) in named for n in passage.references)
            for passage in passages
        ]
        added[cites] = _CITES
    return added


def _names(question: str, entry: str) -> bool:
    surname = first_author(entry)
    # To compile a pattern takes longer than all else here, and few surnames get that far.
    if surname is None or surname not in question:
        return False
    return bool(re.search(rf"\b{re.escape(surname)}\b", question))
