"""One claim against one text: read both, find what is missing or wrong, and say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.encoder import Encoder
from service.verification import scoring
from service.verification.alignment import Alignment, Vectors, align, encode, vectors_of
from service.verification.binding import NumberFault, number_faults
from service.verification.certainty import CertaintyFault, certainty_faults
from service.verification.entities import EntityFault, entity_faults
from service.verification.lexis import Lexis, content_stems
from service.verification.polarity import PolarityFault, polarity_faults, stances
from service.verification.reading import Reading, read
from service.verification.records import Evidence, Support, Verdict, joined
from service.verification.scoring import Faults, Likeness
from service.verification.surroundings import slots

SUPPORTED_FROM = 0.5
_FEWEST_NAMED = 0.45  # a word said worse than this is named as missing


@dataclass(frozen=True, slots=True)
class Judge:
    """What verifying needs beside the texts.

    synonyms: whether the list of synonyms counts. Weights are fitted without it: it was written with the dev
        claims at hand, and weights that lean on it would ask too much of claims in words that it lacks.
    """

    encoder: Encoder
    synonyms: bool = True


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found of a claim in one text."""

    alignment: Alignment
    numbers: tuple[NumberFault, ...]
    entities: tuple[EntityFault, ...]
    polarity: tuple[PolarityFault, ...]
    certainty: tuple[CertaintyFault, ...]

    @property
    def likeness(self) -> Likeness:
        """How well the text covers the claim."""
        return scoring.likeness_of(self.alignment)

    @property
    def faults(self) -> Faults:
        """The faults, counted."""
        kinds: list[str] = [*(f.kind for f in self.polarity), *(f.kind for f in self.entities)]
        kinds += [fault.kind for fault in self.certainty]
        return Faults(
            vetoes=len(self.numbers) + kinds.count("name"),
            negations=kinds.count("negation"),
            directions=kinds.count("direction"),
            antonyms=kinds.count("antonym"),
            rivals=kinds.count("rival"),
            added=kinds.count("added"),
            hedges=max((f.weight for f in self.certainty if f.kind == "hedge"), default=0.0),
            absolutes=float("absolute" in kinds),
            conditions=float("condition" in kinds),
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
    lexis = Lexis(evidence.abbreviations, synonyms=judge.synonyms)
    known = tuple((sentence.start, sentence.end) for sentence in evidence.sentences)
    text = read(evidence.text, known)
    alignment = align(said, vectors, text, vectors_of(judge.encoder, evidence, text), lexis)
    drawn_on = _only(text, alignment.sentences)
    around = frozenset[str]().union(*(content_stems(read(line), lexis) for line in evidence.context))
    return text, Findings(
        alignment,
        tuple(number_faults(slots(said, is_claim=True), slots(drawn_on), lexis, said.text)),
        tuple(entity_faults(said, drawn_on, around, lexis)),
        tuple(polarity_faults(stances(said), stances(drawn_on), lexis)),
        tuple(certainty_faults(said, drawn_on, lexis)),
    )


def _verdict(said: Reading, vectors: Vectors, texts: Sequence[Evidence], judge: Judge) -> Verdict:
    """Of the claim against `texts`, read as one."""
    text, findings = examine(said, vectors, joined(texts), judge)
    score = scoring.score(findings.likeness, findings.faults)
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
    reasons += [fault.reason for fault in findings.certainty if fault.weight > 0.3]
    missing = [
        word.text
        for word, near in zip(findings.alignment.words, findings.alignment.said, strict=True)
        if near < _FEWEST_NAMED
    ]
    if missing:
        reasons.append(f"the passage says nothing of {', '.join(f'“{word}”' for word in missing[:6])}")
    return tuple(dict.fromkeys(reasons)) or ("the passage does not say this",)


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
