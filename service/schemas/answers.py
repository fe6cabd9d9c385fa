"""Asking for an answer, and the JSON that it is: field by field, with the events of a stream."""

from typing import Literal

from pydantic import BaseModel, Field

from ingest.records import Span
from service.schemas.questions import SearchRequest
from service.schemas.responses import DocumentRef, FoundPassage, IndexInfo, Reference, Table

Compose = Literal["extractive", "llm", "auto"]
# A model's name as an example; any may stand there.
_MODEL = "llama3.2:3b"
_TOLD = "The COVER-ALL trial compared software-based margin assessment with conventional visual assessment"


class AnswerRequest(SearchRequest):
    """A question, where to look for its answer, and how the answer is to be made."""

    compose: Compose = Field(
        default="auto",
        description="“extractive”: the documents' own sentences. “llm”: composed by the language model that "
        "is set up, each sentence verified. “auto”: composed if one is set up, otherwise extractive. Where "
        "a model fails, the answer is extractive and `reason` says why.",
        examples=["auto"],
    )
    stream: bool = Field(
        default=False,
        strict=True,
        description="Whether to answer in server-sent events, as the answer is being written.",
        examples=[False],
    )
    strict: bool = Field(
        default=True,
        strict=True,
        description="Whether to leave sentences that their sources do not support out of `answer`; they stay "
        "in `sentences`, marked.",
        examples=[True],
    )


class Support(BaseModel):
    """Whether the cited words say what the sentence says."""

    verdict: Literal["supported", "unsupported"] = Field(description="The verdict.", examples=["supported"])
    score: float = Field(description="How well they support it, 0 to 1.", examples=[0.94])
    reasons: list[str] = Field(
        description="What failed, in words; empty if nothing did.",
        examples=[["the passage says 36–70 %, the claim 50–90 %"]],
    )


class Sentence(BaseModel):
    """A sentence of an answer."""

    text: str = Field(description="The sentence, without markers.", examples=[f"{_TOLD}."])
    citations: list[int] = Field(
        description="Numbers of the citations that it rests on; empty if nothing supports it.", examples=[[1]]
    )
    support: Support = Field(description="Whether they say what it says.")


class Citation(BaseModel):
    """The words that sentences rest on, and where they stand."""

    n: int = Field(description="Its number in the answer: the marker is [n].", examples=[1])
    passage_id: str = Field(description="Id of the passage.", examples=["hmp-3f9c2a17"])
    document: DocumentRef = Field(description="The document that the passage stands in.")
    cited_text: str = Field(
        description="Verbatim text: that of each span in the document's text, joined by one blank.",
        examples=[f"{_TOLD}.¹"],
    )
    spans: list[Span] = Field(
        description="Code-point offsets [start, end) into the document's text, in order.",
        examples=[[[1630, 1712]]],
    )
    section: list[str] = Field(
        description="Headings above the passage, from the outermost in.", examples=[["Main Findings"]]
    )
    table: Table | None = Field(description="The table, if the passage is of one; else null.")
    page: int | None = Field(
        description="Page of the source, from 1; null where the source has no pages.", examples=[3]
    )
    references: list[Reference] = Field(description="Bibliography entries that the cited words cite.")


class Fingerprint(BaseModel):
    """What an answer was made from and by, so that it can be traced."""

    corpus: str = Field(
        description="sha256 over the corpus that was indexed.", examples=["9f2c1d…64 hexadecimal digits"]
    )
    generation: str = Field(
        description="Name of the index's generation.", examples=["20261121T050000Z-1a2b3c4d"]
    )
    encoder: str = Field(description="Name of the embedding model.", examples=["all-MiniLM-L6-v2"])
    llm: str | None = Field(
        description="Name of the language model that composed it; null if none did.", examples=[_MODEL]
    )
    prompt: str | None = Field(
        description="Version of the prompt; null if no language model composed it.", examples=["1-0d4c1f2e"]
    )


class AnswerResponse(BaseModel):
    """An answer with its sentences, what they rest on, and what was found."""

    question: str = Field(
        description="The question, blanks at its ends removed.", examples=["And what did it compare?"]
    )
    standalone_question: str = Field(
        description="The question that was searched for: with a history, completed by what it refers to.",
        examples=["What did the COVER-ALL trial compare?"],
    )
    answer: str = Field(
        description="The answer, with markers [n]; one line that says so if there is none.",
        examples=[f"{_TOLD} [1]."],
    )
    sentences: list[Sentence] = Field(description="Its sentences, also those left out of `answer`.")
    citations: list[Citation] = Field(description="What the sentences cite, in order of their numbers.")
    abstained: bool = Field(
        description="Whether the documents do not answer the question, as far as can be told.",
        examples=[False],
    )
    reason: str | None = Field(
        description="Why there is no answer, or why it was not composed by a language model; else null.",
        examples=["no language model is set up, so these are the documents' own sentences"],
    )
    mode: Literal["extractive", "llm"] = Field(
        description="Who wrote the sentences: the documents, or a language model.", examples=["extractive"]
    )
    answerable: bool = Field(
        description="Whether the passages are likely to hold an answer.", examples=[True]
    )
    confidence: float = Field(description="How sure of that, 0 to 1.", examples=[0.93])
    passages: list[FoundPassage] = Field(description="What was found, best first.")
    timings_ms: dict[str, float] = Field(
        description="Milliseconds spent in each step.", examples=[{"read": 0.4, "rank": 1.2, "answer": 9.8}]
    )
    index: IndexInfo = Field(description="The index that was searched.")
    fingerprint: Fingerprint = Field(description="What the answer was made from and by.")
