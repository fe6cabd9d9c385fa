"""A run: what one system found for each question, how long it took, and the same in TREC's formats."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ir_measures import Qrel, ScoredDoc

from eval import evidence
from eval.questions import Question
from eval.systems import DEPTH, Answer, Retrieved, System

Report = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question put to one system.

    ranks: of each group of evidence, the rank of the first passage that holds it, from 1; None if none does.
    ordered: what was found as TREC sees it, best first (`trec_order`).
    """

    question: Question
    groups: tuple[evidence.Group, ...]
    answer: Answer
    ranks: tuple[int | None, ...]
    ordered: tuple[str, ...]
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Run:
    """What one system found for each question, in the order of the questions."""

    system: str
    about: str
    asked: tuple[Asked, ...]

    @property
    def answerable(self) -> tuple[Asked, ...]:
        """Those that can be answered; evidence is measured on them alone."""
        return tuple(asked for asked in self.asked if asked.question.answerable)


def run(
    system: System,
    questions: Sequence[Question],
    texts: Mapping[str, str],
    report: Report,
    clock: Callable[[], float] = time.perf_counter,
) -> Run:
    """Put every question to `system`, one after the other.

    texts: document id to canonical text, in which the evidence stands.
    report: called as `report(name of the system, done, total)`.
    clock: gives seconds.
    """
    if questions:
        system.search(questions[0], DEPTH)  # what is loaded on first use is not the first question's time
    asked = []
    for done, question in enumerate(questions):
        report(system.name, done, len(questions))
        groups = evidence.locate(question, texts)
        started = clock()
        answer = system.search(question, DEPTH)
        milliseconds = (clock() - started) * 1000
        ranks = evidence.ranks(groups, answer.passages)
        ordered = trec_order(question.id, groups, answer.passages)
        asked.append(Asked(question, groups, answer, ranks, ordered, milliseconds))
    report(system.name, len(questions), len(questions))
    return Run(system.name, system.about, tuple(asked))


def trec_order(
    question_id: str, groups: Sequence[evidence.Group], passages: Sequence[Retrieved]
) -> tuple[str, ...]:
    """The ranking in terms of evidence, so that systems with different passages share one set of judgements.

    A passage stands for the groups that it is the first to hold, one after the other, named "QUESTION:1"
    and so on; a passage that adds no group stands for itself and counts as not relevant.
    """
    ordered: dict[str, None] = {}
    for passage in passages:
        names = [group_name(question_id, number) for number in evidence.groups_in(groups, passage)]
        fresh = [name for name in names if name not in ordered]
        ordered.update(dict.fromkeys(fresh or [passage.id]))
    return tuple(ordered)


def group_name(question_id: str, number: int) -> str:
    """What TREC calls a document: group `number`, from 0, of a question's evidence."""
    return f"{question_id}:{number + 1}"


def qrels(asked: Sequence[Asked]) -> list[Qrel]:
    """The judgements: each group of evidence is relevant to its question, once."""
    return [
        Qrel(one.question.id, group_name(one.question.id, number), 1)
        for one in asked
        for number in range(len(one.groups))
    ]


def scored(asked: Sequence[Asked]) -> list[ScoredDoc]:
    """The rankings; the score only keeps the order, since TREC's tools sort by score, ties by name."""
    return [
        ScoredDoc(one.question.id, name, float(len(one.ordered) - position))
        for one in asked
        for position, name in enumerate(one.ordered)
    ]


def write_trec(folder: Path, runs: Sequence[Run]) -> None:
    """Write `qrels.txt` and one `SYSTEM.run` a system into `folder`, in TREC's formats."""
    lines = [f"{qrel.query_id} 0 {qrel.doc_id} {qrel.relevance}\n" for qrel in qrels(runs[0].answerable)]
    (folder / "qrels.txt").write_text("".join(lines), encoding="utf-8")
    for one in runs:
        rows = []
        for asked in one.answerable:
            for position, doc in enumerate(scored([asked]), start=1):
                rows.append(f"{doc.query_id} Q0 {doc.doc_id} {position} {doc.score:g} {one.system}\n")
        (folder / f"{one.system}.run").write_text("".join(rows), encoding="utf-8")
