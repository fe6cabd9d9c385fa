"""Answers without an LLM: the sentences and rows that answer best, word for word, each with its citation."""

from collections.abc import Sequence

import numpy as np

from ingest.encoder import Float32
from service.answers.records import Answer, AnswerSentence, Citation, Support
from service.answers.statements import Statement, statements
from service.retrieval.asked import defines_what_is_asked, lacks_what_is_asked
from service.retrieval.confidence import ANSWERABLE
from service.retrieval.retriever import Found, Retriever

MAX_WORDS = 90
MAX_STATEMENTS = 4
# All on the scale of sentence scores (a mean cosine), fitted on the dev questions.
_PASSAGE_WEIGHT = 0.06  # a passage one deviation better than another is worth this much
_FIRST = 0.05  # and the best one this much more
_LACKING = 0.12  # what is lost by a statement without the kind of thing asked for
_AGAIN = 0.05  # what is lost for each statement of the same passage that was chosen before
_DEFINES = 0.1  # what a definition gains where one is asked for
_CLOSE = 0.85  # a further statement has to reach this share of the best one's value
_FAR = 0.6  # or at least this much, and then
_GAIN = 0.025  # bring the question's tokens this much nearer,
_HEARD = 2  # or be the first one of one of so many best passages
_SAME = 0.7  # share of terms from which two statements say the same

_SUPPORTED = Support("supported", 1.0)
_ABSTENTION = "These documents do not answer this question."


def extract(retriever: Retriever, found: Found) -> Answer:
    """One to four statements, at most about 90 words, that answer what was asked; or an abstention."""
    if not found.answerable:
        return _abstained(
            found, f"nothing found is near enough (confidence {found.confidence:.2f}, {ANSWERABLE} needed)"
        )
    chosen = _choose(found, statements(retriever, found), _weights(retriever, found))
    if not chosen:
        return _abstained(found, "what was found holds no sentence that could be shown")
    question = found.query.text[: found.query.own]
    if all(lacks_what_is_asked(question, statement.text) for statement in chosen):
        return _abstained(found, "the nearest passages hold no figure, date or name of the kind asked for")
    return _answer(found, chosen)


def _abstained(found: Found, reason: str) -> Answer:
    return Answer(_ABSTENTION, (), (), abstained=True, reason=reason, mode="extractive", found=found)


def _weights(retriever: Retriever, found: Found) -> Float32:
    """How much each token of the question counts: (t,) float32, sum 1."""
    weights = retriever.weights(found.query, retriever.encoded(found.query))
    return np.asarray(weights / max(float(weights.sum()), 1e-9), np.float32)


def _choose(found: Found, candidates: Sequence[Statement], weights: Float32) -> list[Statement]:
    """Greedy: the best statement, then whatever adds to it, until nothing does or the room is used up.

    Where the question speaks of several documents, the best statement of each comes first.
    """
    question = found.query.text[: found.query.own]
    values = {c.place: _value(question, c) for c in candidates}
    rest = sorted(candidates, key=lambda c: -values[c.place])
    chosen = _one_of_each(found.spoken_of, rest)
    rest = [candidate for candidate in rest if candidate not in chosen]
    best = max(values.values(), default=0.0)

    def value(candidate: Statement) -> float:
        return values[candidate.place] - _AGAIN * sum(c.passage is candidate.passage for c in chosen)

    while rest and len(chosen) < MAX_STATEMENTS:
        candidate = max(rest, key=value)
        rest.remove(candidate)
        says_more = value(candidate) >= _CLOSE * best or (
            value(candidate) >= _FAR * best
            and (_adds(candidate, chosen, weights) or _is_new(candidate, chosen))
        )
        if not chosen or (says_more and _fits(candidate, chosen)):
            chosen.append(candidate)
    return _in_reading_order(_with_what_they_lean_on(chosen, candidates))


def _value(question: str, statement: Statement) -> float:
    lacking = _LACKING if lacks_what_is_asked(question, statement.text) else 0.0
    first = _FIRST if statement.place[0] == 0 else 0.0
    definition = _DEFINES if defines_what_is_asked(question, statement.text) else 0.0
    return statement.score + _PASSAGE_WEIGHT * statement.passage_score + first + definition - lacking


def _one_of_each(spoken_of: Sequence[str], ranked: Sequence[Statement]) -> list[Statement]:
    """The best statement of each document, in its share of the room if there is one so short."""
    chosen: list[Statement] = []
    if len(spoken_of) < 2:
        return chosen
    documents = dict.fromkeys(c.passage.document_id for c in ranked if c.passage.document_id in spoken_of)
    for n, document in enumerate(documents, start=1):
        fitting = [c for c in ranked if c.passage.document_id == document and _fits(c, chosen)]
        share = MAX_WORDS * n / len(documents)
        short = [c for c in fitting if _words([*chosen, c]) <= share]
        chosen += (short or fitting)[:1]
    return chosen


def _adds(candidate: Statement, chosen: Sequence[Statement], weights: Float32) -> bool:
    """Whether it says more about the question's words than the chosen ones do together."""
    met = np.max([np.zeros_like(weights), *(statement.met for statement in chosen)], axis=0)
    return float(weights @ np.maximum(candidate.met - met, 0)) >= _GAIN


def _is_new(candidate: Statement, chosen: Sequence[Statement]) -> bool:
    """Whether it is the first one of one of the best passages."""
    return candidate.place[0] < _HEARD and all(c.passage is not candidate.passage for c in chosen)


def _fits(candidate: Statement, chosen: Sequence[Statement]) -> bool:
    """Whether there is room for it, and it does not say again what one of the chosen says."""
    if _words(chosen) + candidate.words > MAX_WORDS:
        return False
    said = candidate.terms
    return all(_overlap(said, other.terms) < _SAME for other in chosen)


def _words(chosen: Sequence[Statement]) -> int:
    return sum(statement.words for statement in chosen)


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(min(len(one), len(other)), 1)


def _with_what_they_lean_on(chosen: Sequence[Statement], candidates: Sequence[Statement]) -> list[Statement]:
    """Add the sentence before one that points back to it, where there is room."""
    by_place = {candidate.place: candidate for candidate in candidates}
    result = list(chosen)
    for statement in chosen:
        before = by_place.get((statement.place[0], statement.place[1] - 1))
        has_room = (
            len(result) < MAX_STATEMENTS and _words(result) + (before.words if before else 0) <= MAX_WORDS
        )
        if statement.points_back and before and before not in result and has_room:
            result.append(before)
    return result


def _in_reading_order(chosen: Sequence[Statement]) -> list[Statement]:
    """The passage of the best statement first; inside a passage as it stands there."""
    ranks = {rank: order for order, rank in reversed(list(enumerate(c.place[0] for c in chosen)))}
    return sorted(chosen, key=lambda c: (ranks[c.place[0]], c.place[1]))


def _answer(found: Found, chosen: Sequence[Statement]) -> Answer:
    sentences, citations = [], []
    for n, statement in enumerate(chosen, start=1):
        citations.append(Citation(n, statement.passage, statement.spans, statement.references))
        sentences.append(AnswerSentence(statement.text, (n,), _SUPPORTED))
    text = " ".join(f"{sentence.text} [{n}]" for n, sentence in enumerate(sentences, start=1))
    return Answer(
        text, tuple(sentences), tuple(citations), abstained=False, reason=None, mode="extractive", found=found
    )
