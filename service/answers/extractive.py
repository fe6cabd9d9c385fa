"""Answers without an LLM: the sentences and rows that answer best, word for word, each with its citation."""

from collections.abc import Sequence
from dataclasses import replace

from service.answers.bounds import bound_in, keeps
from service.answers.likelihood import likelihoods
from service.answers.records import Answer, AnswerSentence, Citation, Support
from service.answers.rows import asked_cells, hinted_together, named_together
from service.answers.statements import Statement, statements, tables
from service.retrieval.asked import lacks_what_is_asked
from service.retrieval.confidence import ANSWERABLE
from service.retrieval.retriever import Found

MAX_WORDS = 90
MAX_STATEMENTS = 4
# A further statement has to be this likely the one that answers.
_LIKELY = 0.03
# What is left of that for each statement of the same passage that was chosen before.
_AGAIN = 0.8
# Rows that are asked for together count if one of them is among so many best passages.
_HEARD = 5
# A further statement weighs less the longer it is: by this power of its words, for what room it takes.
_PER_WORD = 0.5
# A document that is named alone leaves half of the room to whatever else there is.
_FEWEST_SHARES = 2
_SAME = 0.85  # share of terms from which two statements say the same

_SUPPORTED = Support("supported", 1.0)
_ABSTENTION = "These documents do not answer this question."


def extract(found: Found) -> Answer:
    """One to four statements, at most about 90 words, that answer what was asked; or an abstention."""
    if not found.answerable:
        return _abstained(
            found, f"nothing found is near enough (confidence {found.confidence:.2f}, {ANSWERABLE} needed)"
        )
    question = found.query.question
    chosen = _asked_together(question, found) or _choose(question, found)
    if not chosen:
        return _abstained(found, "what was found holds no sentence that could be shown")
    if all(lacks_what_is_asked(question, statement.text) for statement in chosen):
        return _abstained(found, "the nearest passages hold no figure, date or name of the kind asked for")
    return _answer(found, chosen)


def _abstained(found: Found, reason: str) -> Answer:
    return Answer(_ABSTENTION, (), (), abstained=True, reason=reason, mode="extractive", found=found)


def _asked_together(question: str, found: Found) -> list[Statement]:
    """The rows of a table that the question asks for together, in their order, if there is room for all."""
    if len(found.spoken_of) > 1:
        return []
    in_tables = [_within_bounds(question, table) for table in tables(found)]
    for together in (named_together, hinted_together):
        for table in in_tables:
            places = together([c.passage.table for c in table if c.passage.table], question)
            if chosen := _fitting([table[place] for place in places], question):
                return chosen
    return []


def _fitting(chosen: Sequence[Statement], question: str) -> list[Statement]:
    """All of `chosen`, if there is room for them, with no more than the cells asked for if need be."""
    heard = any(candidate.place[0] < _HEARD for candidate in chosen)
    cells = [asked_cells(c.passage.table, question) for c in chosen if c.passage.table]
    shorter = [replace(c, brief=asked) for c, asked in zip(chosen, cells, strict=True)]
    for shown in (list(chosen), shorter):
        if heard and len(shown) <= MAX_STATEMENTS and _words(shown) <= MAX_WORDS:
            return shown
    return []


def _within_bounds(question: str, candidates: Sequence[Statement]) -> list[Statement]:
    """Without the rows whose figures do not keep to the bound that the question sets, if it sets one."""
    bound = bound_in(question)
    return [c for c in candidates if not (bound and c.passage.table and not keeps(bound, c.text))]


def _choose(question: str, found: Found) -> list[Statement]:
    """The likeliest statement, then the next likely ones that say something else, while there is room.

    Where the question speaks of several documents, the best statement of each comes first.
    """
    candidates = statements(found)
    if bound_in(question):
        further = (row for table in tables(found) for row in table)
        candidates += [row for row in further if row.place[0] >= len(found.passages)]
        candidates = _within_bounds(question, candidates)
    likely = dict(
        zip((c.place for c in candidates), likelihoods(found.query, candidates).tolist(), strict=True)
    )
    rest = sorted(candidates, key=lambda c: -likely[c.place])
    chosen = _one_of_each(found.spoken_of, rest)
    rest = [candidate for candidate in rest if candidate not in chosen]

    def worth(candidate: Statement) -> float:
        heard = sum(c.passage is candidate.passage for c in chosen)
        return float(likely[candidate.place] * _AGAIN**heard)

    while rest and len(chosen) < MAX_STATEMENTS:
        candidate = max(rest, key=lambda c: worth(c) / (c.words**_PER_WORD if chosen else 1))
        rest.remove(candidate)
        if not chosen or (worth(candidate) >= _LIKELY and _fits(candidate, chosen)):
            chosen.append(candidate)
    return _in_reading_order(_with_what_they_lean_on(chosen, candidates))


def _one_of_each(spoken_of: Sequence[str], ranked: Sequence[Statement]) -> list[Statement]:
    """The best statement of each document that leaves the others their share of the room, if there is one."""
    chosen: list[Statement] = []
    documents = dict.fromkeys(c.passage.document_id for c in ranked if c.passage.document_id in spoken_of)
    for n, document in enumerate(documents, start=1):
        own = [c for c in ranked if c.passage.document_id == document and _fits(c, chosen)]
        room = MAX_WORDS * n / max(len(documents), _FEWEST_SHARES)
        chosen += [c for c in own if _words([*chosen, c]) <= room][:1]
    unheard = [c for c in ranked if all(c.passage.document_id != one.passage.document_id for one in chosen)]
    for document in documents:
        chosen += [c for c in unheard if c.passage.document_id == document and _fits(c, chosen)][:1]
    return chosen


def _fits(candidate: Statement, chosen: Sequence[Statement]) -> bool:
    """Whether there is room for it, and it does not say again what one of the chosen says."""
    if _words([*chosen, candidate]) > MAX_WORDS:
        return False
    said = candidate.terms
    return all(_overlap(said, other.terms) < _SAME for other in chosen)


def _words(chosen: Sequence[Statement]) -> int:
    return sum(len(text.split()) for text in _texts(chosen))


def _texts(chosen: Sequence[Statement]) -> list[str]:
    """What is shown of each: several rows share the room, and are written in brief."""
    several = sum(statement.passage.table is not None for statement in chosen) > 1
    return [statement.brief if several else statement.text for statement in chosen]


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(min(len(one), len(other)), 1)


def _with_what_they_lean_on(chosen: Sequence[Statement], candidates: Sequence[Statement]) -> list[Statement]:
    """Add the sentence before one that points back to it, where there is room."""
    by_place = {candidate.place: candidate for candidate in candidates}
    result = list(chosen)
    for statement in chosen:
        before = by_place.get((statement.place[0], statement.place[1] - 1))
        if not (statement.points_back and before) or before in result:
            continue
        if len(result) < MAX_STATEMENTS and _words([*result, before]) <= MAX_WORDS:
            result.append(before)
    return result


def _in_reading_order(chosen: Sequence[Statement]) -> list[Statement]:
    """The passage of the best statement first, in it as it stands there; kinds not asked for last."""
    ranks = {rank: order for order, rank in reversed(list(enumerate(c.place[0] for c in chosen)))}
    return sorted(chosen, key=lambda c: (not c.asked_for, ranks[c.place[0]], c.place[1]))


def _answer(found: Found, chosen: Sequence[Statement]) -> Answer:
    sentences, citations = [], []
    for n, (statement, shown) in enumerate(zip(chosen, _texts(chosen), strict=True), start=1):
        citations.append(Citation(n, statement.passage, statement.spans, statement.references))
        sentences.append(AnswerSentence(shown, (n,), _SUPPORTED))
    # Whoever reads the answer finds what it cites among the passages.
    beyond = {c.place[0] for c in chosen if c.place[0] >= len(found.passages)}
    further = [found.further[place - len(found.passages)] for place in sorted(beyond)]
    found = replace(found, passages=[*found.passages, *further])
    text = " ".join(f"{sentence.text} [{n}]" for n, sentence in enumerate(sentences, start=1))
    return Answer(
        text, tuple(sentences), tuple(citations), abstained=False, reason=None, mode="extractive", found=found
    )
