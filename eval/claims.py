"""The claim verifier measured: labelled pairs, accuracy by kind, AUROC. `eval.claims_fit` fits its weights.

`claims.jsonl` holds pairs of a claim and a verbatim quote, written by hand. Rules and weights may be tuned on
those of the split `dev`. Pairs of the split `test` (`later-…`) were written afterwards, by someone who had
not read the rules, and are reported only. Once looked at they belong to `dev`, as those before them do.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from eval import labelled, sampling
from eval.abstention import auroc
from eval.errors import QuestionsError
from eval.sampling import Interval
from ingest.encoder import Encoder
from ingest.index import Generation
from service.verification import Evidence, Judge, Verdict, known_abbreviations, verify

FILE = Path(__file__).parent / "claims.jsonl"

Split = Literal["dev", "test", "all"]
SUPPORTED = ("paraphrase", "near_verbatim", "synthesis")
CORRUPTED = ("number", "entity", "negation", "overclaim", "addition", "unrelated")


class Claim(BaseModel):
    """A claim, the quote to check it against, and whether the quote bears it out.

    why: what was reworded, or what the quote says instead. split: "dev" to tune on, "test" to report only.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^\S+$")
    kind: Literal[
        "paraphrase",
        "near_verbatim",
        "synthesis",
        "number",
        "entity",
        "negation",
        "overclaim",
        "addition",
        "unrelated",
    ]
    supported: bool
    document: str
    quote: str = Field(min_length=1)
    claim: str = Field(min_length=1)
    why: str
    split: Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim with the verdict on it."""

    claim: Claim
    verdict: Verdict

    @property
    def right(self) -> bool:
        """Whether the verdict is the label."""
        return (self.verdict.verdict == "supported") == self.claim.supported


@dataclass(frozen=True, slots=True)
class ClaimFigures:
    """How good the verifier is on one split.

    accuracy: by kind (of a supported kind, the share accepted; of a corrupted one, the share caught), and
        "supported", "corrupted", "all".
    counts: pairs by the same names.
    auroc: how likely a supported claim scores higher than a corrupted one; None if there are none of either.
    wrong: what was judged wrongly, in the order of the file.
    """

    split: Split
    accuracy: dict[str, Interval]
    counts: dict[str, int]
    auroc: Interval | None
    wrong: tuple[Judged, ...]


def load_claims(path: Path = FILE) -> tuple[Claim, ...]:
    """Read a file of claims. Raises QuestionsError with the line, the value, the rule and the mend."""
    return labelled.load(path, "claims", _read)


def measure(
    generation: Generation, encoder: Encoder, split: Split = "all", claims: Sequence[Claim] | None = None
) -> ClaimFigures:
    """Verify the claims of a split (those of `claims.jsonl`, if none are given), each against its quote."""
    chosen = [one for one in (load_claims() if claims is None else claims) if split in ("all", one.split)]
    return figures(split, judge(chosen, generation, encoder))


def judge(claims: Iterable[Claim], generation: Generation, encoder: Encoder) -> tuple[Judged, ...]:
    """The verdict on each claim."""
    pairs = known_abbreviations(generation)
    judging = Judge(encoder)
    return tuple(
        Judged(one, verify(one.claim, [Evidence(one.quote, abbreviations=pairs)], judging)) for one in claims
    )


def figures(split: Split, judged: Sequence[Judged]) -> ClaimFigures:
    """Accuracy by kind and AUROC of what was judged."""
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        for name in (one.claim.kind, "supported" if one.claim.supported else "corrupted", "all"):
            groups.setdefault(name, []).append(one)
    order = [name for name in (*SUPPORTED, *CORRUPTED, "supported", "corrupted", "all") if name in groups]
    scores = {
        name: np.array([one.verdict.score for one in groups.get(name, ())])
        for name in ("supported", "corrupted")
    }
    both = all(len(values) for values in scores.values())
    return ClaimFigures(
        split,
        {
            name: sampling.mean_interval(np.array([float(one.right) for one in groups[name]]))
            for name in order
        },
        {name: len(groups[name]) for name in order},
        auroc(scores["supported"], scores["corrupted"]) if both else None,
        tuple(one for one in judged if not one.right),
    )


def _read(place: str, line: str) -> Claim:
    claim = labelled.parse(Claim, place, line)
    if claim.supported != (claim.kind in SUPPORTED):
        raise QuestionsError(
            f"{place}: a claim of kind {claim.kind!r} has supported {claim.supported}; "
            f"the supported kinds are {', '.join(SUPPORTED)}: change one of the two"
        )
    return claim
