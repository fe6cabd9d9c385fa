"""Asking whether a claim is supported, and the JSON that comes back: field by field."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator

from ingest.records import Span
from service.schemas.questions import Question
from service.schemas.responses import DocumentRef, IndexInfo

MAX_PASSAGE = 20_000  # characters of a text to check against
MAX_PASSAGES = 50  # ids to check against

_CLAIM = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment."


class VerifyRequest(BaseModel):
    """A claim, and what to check it against: a text, passages of the index or, with neither, all of it."""

    model_config = ConfigDict(extra="forbid")

    claim: Question = Field(
        description="The claim in plain words, 1 to 2,000 characters, not only blanks.", examples=[_CLAIM]
    )
    passage: (
        Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_PASSAGE)] | None
    ) = Field(
        default=None,
        description=f"Check it against this text, 1 to {MAX_PASSAGE:,} characters; not with `passage_ids`.",
        examples=[None],
    )
    passage_ids: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_PASSAGES,
        description="Check it against these passages, each alone and all together; not with `passage`.",
        examples=[["hmp-3f9c2a17"]],
    )

    @field_validator("passage_ids")
    @classmethod
    def _one_of_two(cls, passage_ids: list[str] | None, info: ValidationInfo) -> list[str] | None:
        if passage_ids is not None and info.data.get("passage") is not None:
            raise ValueError("must not come with passage; leave out one of the two")
        return passage_ids


class SupportingSentence(BaseModel):
    """A sentence that bears the claim out or contradicts it."""

    passage_id: str | None = Field(
        description="Its passage; null if it is of the text that was sent.", examples=["hmp-3f9c2a17"]
    )
    document: DocumentRef | None = Field(
        description="The document that it stands in; null if it is of the text that was sent."
    )
    text: str = Field(description="What a person reads.", examples=[_CLAIM])
    cited_text: str = Field(description="Verbatim, joined by one blank where it is cut.", examples=[_CLAIM])
    spans: list[Span] = Field(
        description="Code-point offsets [start, end) into the document's text or the text that was sent.",
        examples=[[[1630, 1728]]],
    )


class VerifyResponse(BaseModel):
    """Whether the claim is supported, why not, and by what."""

    verdict: Literal["supported", "unsupported"] = Field(
        description="Supported only if the evidence says all of it: every number and name, the same yes or "
        "no, no more certainty, nothing added.",
        examples=["supported"],
    )
    score: float = Field(
        description="How likely it is supported, 0 to 1; “supported” from 0.5 on.", examples=[0.97]
    )
    reasons: list[str] = Field(
        description="What is wrong with it, in words, gravest first; for a supported claim, that nothing is.",
        examples=[["the passage says 36-70%, the claim 50-90%"]],
    )
    evidence: list[SupportingSentence] = Field(
        description="The sentences that it was checked against in the end, in the order of their text."
    )
    index: IndexInfo = Field(description="The index that was used.")
