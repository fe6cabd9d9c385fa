"""One claim against one text: read both, find what is missing or wrong, and say so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.encoder import Encoder, Float32
from service.verification import scoring
from service.verification.additions import doubts
from service.verification.alignment import Alignment, Vectors, align, encode, vectors_of
from service.verification.binding import NumberFault, number_faults
from service.verification.certainty import CertaintyFault, certainty_faults
from service.verification.comparisons import ComparisonFault, comparison_faults
from service.verification.entities import EntityFault, entity_faults
from service.verification.lexis import Lexis, content_stems
from service.verification.polarity import PolarityFault, polarity_faults, stances
from service.verification.reading import Reading, read
from service.verification.records import Evidence, Support, Verdict, joined
from service.verification.scoring import Figures
from service.verification.surroundings import slots

SUPPORTED_FROM = 0.5
# A word is named as missing if it is likelier an addition than this, or nothing in the text is nearer to it.
_DOUBTFUL, _FAR = 0.3, 0.4
# So many words that claim and text disagree on, yes or no, leave no doubt.
_PLAINLY = 2


@dataclass(frozen=True, slots=True)
class Judge:
    """What verifying needs beside the texts."""

    encoder: Encoder


@dataclass(frozen=True, slots=True)
class Findings:
    """All that was found of a claim in one text. doubts: (w,) float32, of its words, as additions."""

    alignment: Alignment
    doubts: Float32
    numbers: tuple[NumberFault, ...]
    entities: tuple[EntityFault, ...]
    polarity: tuple[PolarityFault, ...]
    comparisons: tuple[ComparisonFault, ...]
    certainty: tuple[CertaintyFault, ...]

    @property
    def vetoes(self) -> int:
        """Numbers that the text does not give, and names that it does not name."""
        return len(self.numbers) + sum(fault.kind == "name" for fault in self.entities)

    @property
    def figures(self) -> Figures:
        """What was found, as numbers."""
        said, literal = self.alignment.said, self.alignment.literal
        if not len(said):
            return Figures(0.0, 0.0, self.alignment.cosine, 0.0)
        width = min(scoring.STRETCH, len(said))
        kinds: set[str] = {fault.kind for fault in self.polarity} | {fault.kind for fault in self.entities}
        surer = {fault.kind: fault.weight for fault in self.certainty}
        # Against words of the text's own, a fault weighs more than its share of them.
        share = float(literal.mean()) ** 2
        return Figures(
            coverage=float(said.mean()),
            weakest=min(float(said[n : n + width].mean()) for n in range(len(said) - width + 1)),
            cosine=self.alignment.cosine,
            doubt=float(self.doubts.max()),
            negation=share * min(1.0, sum(fault.kind == "negation" for fault in self.polarity) / _PLAINLY),
            direction=share * ("direction" in kinds),
            antonym=share * ("antonym" in kinds),
            reversed=share * bool(self.comparisons),
            rival=share * ("rival" in kinds),
            added=share * ("added" in kinds),
            hedge=share * surer.get("hedge", 0.0) ** 0.5,
            absolute=share * surer.get("absolute", 0.0),
            condition=share * surer.get("condition", 0.0),
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
        doubts(alignment),
        tuple(number_faults(slots(said, is_claim=True), slots(drawn_on), lexis)),
        tuple(entity_faults(said, drawn_on, around, lexis)),
        tuple(polarity_faults(stances(said), stances(drawn_on), lexis)),
        tuple(comparison_faults(said, drawn_on, lexis)),
        tuple(certainty_faults(said, drawn_on, lexis)),
    )


def _verdict(said: Reading, vectors: Vectors, texts: Sequence[Evidence], judge: Judge) -> Verdict:
    """Of the claim against `texts`, read as one."""
    text, findings = examine(said, vectors, joined(texts), judge)
    score = scoring.score(findings.figures, findings.vetoes)
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
    missing = [
        word.text
        for word, doubt, near in zip(
            findings.alignment.words, findings.doubts, findings.alignment.said, strict=True
        )
        if doubt > _DOUBTFUL or near < _FAR
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
