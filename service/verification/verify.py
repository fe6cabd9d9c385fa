"""One claim against one text: read both, find what is missing or wrong, and say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ingest.encoder import Encoder
from service.verification import scoring
from service.verification.alignment import Alignment, Vectors, align, encode, vectors_of
from service.verification.binding import NumberFault, number_faults
from service.verification.certainty import CertaintyFault, certainty_faults
from service.verification.comparisons import ComparisonFault, comparison_faults
from service.verification.entities import EntityFault, entity_faults, is_named_inside
from service.verification.lexis import Lexis, content_stems
from service.verification.polarity import PolarityFault, polarity_faults, stances
from service.verification.reading import Reading, read
from service.verification.records import Evidence, Support, Verdict, joined
from service.verification.scoring import Figures
from service.verification.substitution import Frames, frames
from service.verification.surroundings import slots

SUPPORTED_FROM = 0.5
# A word is named as missing if nothing in the text is nearer to it, or it is a rare word or a name.
_FAR = 0.5
# So many words that claim and text disagree on, yes or no, leave no doubt.
_PLAINLY = 2
# So many words on end that the text says badly are an addition, whatever else it says well.
_STRETCH = 4
# A word in such a frame stands for another; one that is missing by itself is half a fault.
_FRAMED, _ADDED = 0.6, 0.3


@dataclass(frozen=True, slots=True)
class Judge:
    """What verifying needs beside the texts."""

    encoder: Encoder


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found of a claim in one text. named: (w,) bool, which words have a capital inside."""

    alignment: Alignment
    named: NDArray[np.bool_]
    frames: Frames
    numbers: tuple[NumberFault, ...]
    entities: tuple[EntityFault, ...]
    polarity: tuple[PolarityFault, ...]
    comparisons: tuple[ComparisonFault, ...]
    certainty: tuple[CertaintyFault, ...]

    @property
    def figures(self) -> Figures:
        """What was found, as numbers."""
        alignment, said = self.alignment, self.alignment.said
        if not len(said):
            return Figures(cosine=alignment.cosine)
        missing, framed = 1 - alignment.literal, self.frames[0]
        literal, width = float(alignment.literal.mean()), min(_STRETCH, len(said))
        return Figures(
            literal=literal,
            missing=float(missing.sum()),
            coverage=float(said.mean()),
            weakest=min(float(said[n : n + width].mean()) for n in range(len(said) - width + 1)),
            least=float(said.min()),
            cosine=alignment.cosine,
            far=float((missing * (1 - alignment.near)).sum()),
            rare=float((missing * alignment.rare).sum()),
            named=float((missing * self.named).sum()),
            framed=float((missing * framed).max()),
            framed_rare=float((missing * framed * (alignment.rare | self.named)).max()),
            moved=float((alignment.literal * framed).max()),
            names=float(sum(fault.kind == "name" for fault in self.entities)),
            faults=self.faults,
            faults_literal=self.faults * literal**2,
        )

    @property
    def faults(self) -> float:
        """The contradictions beside numbers and names: each kind counts once, weak ones less."""
        kinds: set[str] = {fault.kind for fault in self.polarity} | {fault.kind for fault in self.entities}
        surer = {fault.kind: fault.weight for fault in self.certainty}
        return float(
            min(1.0, sum(fault.kind == "negation" for fault in self.polarity) / _PLAINLY)
            + len(kinds & {"direction", "antonym", "rival"})
            + _ADDED * ("added" in kinds)
            + bool(self.comparisons)
            + surer.get("hedge", 0.0) ** 0.5
            + surer.get("absolute", 0.0)
            + surer.get("condition", 0.0)
        )


def verify(claim: str, evidence: Sequence[Evidence], judge: Judge, *, together: bool = False) -> Verdict:
    """Whether one of the texts says what the claim says: each is judged by itself, the best verdict counts.

    together: whether the claim may lean on all of them at once too, as a sentence with several citations
    does.
    """
    said = read(claim)
    texts = [one for one in evidence if one.text.strip()]
    if not texts or not said.words:
        return Verdict("unsupported", 0.0, ("there is nothing to check",), ())
    vectors = encode(judge.encoder, said)
    verdicts = [_verdict(said, vectors, [one], judge) for one in texts]
    if together and len(texts) > 1 and max(verdict.score for verdict in verdicts) < SUPPORTED_FROM:
        verdicts.append(_verdict(said, vectors, texts, judge))
    return max(verdicts, key=lambda verdict: verdict.score)


def examine(said: Reading, vectors: Vectors, evidence: Evidence, judge: Judge) -> tuple[Reading, Findings]:
    """All that can be found of a claim in one text, with the text as it was read."""
    lexis = Lexis(evidence.abbreviations)
    known = tuple((sentence.start, sentence.end) for sentence in evidence.sentences)
    text = read(evidence.text, known)
    alignment = align(said, vectors, text, vectors_of(judge.encoder, evidence, text), lexis)
    drawn_on = _only(text, alignment.sentences)
    around = frozenset[str]().union(*(content_stems(read(line), lexis) for line in evidence.context))
    return text, Findings(
        alignment,
        np.array([is_named_inside(word, n) for n, word in enumerate(alignment.words)], bool),
        frames(alignment.words, drawn_on, lexis),
        tuple(number_faults(slots(said, is_claim=True), slots(drawn_on), lexis)),
        tuple(entity_faults(said, drawn_on, around, lexis)),
        tuple(polarity_faults(stances(said), stances(drawn_on), lexis)),
        tuple(comparison_faults(said, drawn_on, lexis)),
        tuple(certainty_faults(said, drawn_on, lexis)),
    )


def _verdict(said: Reading, vectors: Vectors, texts: Sequence[Evidence], judge: Judge) -> Verdict:
    """Of the claim against `texts`, read as one."""
    text, findings = examine(said, vectors, joined(texts), judge)
    score = scoring.score(findings.figures, len(findings.numbers))
    supported = score >= SUPPORTED_FROM
    return Verdict(
        "supported" if supported else "unsupported",
        round(score, 4),
        ("the passage says all of it",) if supported else _reasons(findings),
        tuple(_support(texts, text, n) for n in findings.alignment.sentences),
    )


def _reasons(findings: Findings) -> tuple[str, ...]:
    reasons = [fault.reason for fault in findings.numbers]
    reasons += [fault.reason for fault in findings.entities]
    reasons += [fault.reason for fault in findings.polarity]
    reasons += [fault.reason for fault in findings.comparisons]
    reasons += [fault.reason for fault in findings.certainty if fault.weight > 0.3]
    # Of an ordinary word that may be another way of putting it, which a graver reason leaves unsaid.
    reasons += _substituted(findings, every=not reasons)
    missing = _missing(findings)
    if missing:
        reasons.append(f"the passage says nothing of {', '.join(f'“{word}”' for word in missing[:6])}")
    return tuple(dict.fromkeys(reasons)) or ("the passage does not say this",)


def _substituted(findings: Findings, *, every: bool) -> list[str]:
    """every: of the ordinary words too, not only of names and rare ones."""
    alignment = findings.alignment
    telling = (alignment.literal == 0) & (findings.frames[0] >= _FRAMED)
    if not every:
        telling &= alignment.rare | findings.named
    return [
        f"where the claim says “{word.text}”, the passage says “{instead.text}”"
        for word, instead, tells in zip(alignment.words, findings.frames[1], telling, strict=True)
        if instead and tells
    ]


def _missing(findings: Findings) -> list[str]:
    alignment = findings.alignment
    near = np.where(alignment.rare | findings.named, 0.0, alignment.near)
    return [
        word.text
        for word, literal, nearness, framed in zip(
            alignment.words, alignment.literal, near, findings.frames[0], strict=True
        )
        if not literal and nearness < _FAR and framed < _FRAMED
    ]


def _support(texts: Sequence[Evidence], text: Reading, number: int) -> Support:
    """Sentence `number` of `text`, which is `texts` joined, as one of the text that it comes from."""
    start, end = text.sentences[number]
    offset = 0
    for evidence in texts:
        if start < offset + len(evidence.text):
            break
        offset += len(evidence.text) + 1
    start, end = start - offset, end - offset
    spans = [s.spans for s in evidence.sentences if (s.start, s.end) == (start, end)]
    return Support(evidence.text[start:end], evidence.passage_id, start, end, spans[0] if spans else ())


def _only(text: Reading, sentences: Sequence[int]) -> Reading:
    """The text with all but these sentences blanked out."""
    kept = [" "] * len(text.text)
    for n in sentences:
        start, end = text.sentences[n]
        kept[start:end] = text.text[start:end]
    words = tuple(word for word in text.words if word.sentence in sentences)
    return replace(text, text="".join(kept), words=words)
