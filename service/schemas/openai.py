"""Chat completions as OpenAI's API has them, as far as a question and its answer need them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from service.schemas.answers import Citation, Fingerprint, Sentence

Model = Literal["needle", "needle-extractive", "needle-llm"]
_ID, _CREATED = "chatcmpl-8a1f0c52d7e94b3f", 1795237200


class TextPart(BaseModel):
    """A part of a message; only text can be read."""

    type: Literal["text"] = Field(description="Kind of the part.", examples=["text"])
    text: str = Field(description="Its text.", examples=["What did the COVER-ALL trial compare?"])


class ChatMessage(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"] = Field(
        description="Who wrote it. Only “user” and “assistant” are read.", examples=["user"]
    )
    content: str | list[TextPart] | None = Field(
        default=None,
        description="What was written, whole or in parts.",
        examples=["What did the COVER-ALL trial compare?"],
    )

    @property
    def text(self) -> str:
        """The content in one string."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class ChatRequest(BaseModel):
    """A conversation, whose last message of the user is the question.

    Every other field of OpenAI's API (`temperature`, `max_tokens`, `n`, `user`, …) is taken and ignored.
    """

    model_config = ConfigDict(extra="ignore")

    model: str = Field(
        description="“needle” (composed if a language model is set up, otherwise extractive), "
        "“needle-extractive”, or “needle-llm” where one is set up.",
        examples=["needle"],
    )
    messages: list[ChatMessage] = Field(
        min_length=1,
        description="The conversation, oldest first; what comes before the last question is its history.",
    )
    stream: bool | None = Field(
        default=False, description="Whether to answer in chunks, the last one `[DONE]`.", examples=[False]
    )


class Evidence(BaseModel):
    """What an answer rests on, beside OpenAI's own fields."""

    sentences: list[Sentence] = Field(description="Its sentences, also those left out of the text.")
    citations: list[Citation] = Field(description="What the markers [n] name.")
    abstained: bool = Field(
        description="Whether the documents do not answer the question, as far as can be told.",
        examples=[False],
    )
    reason: str | None = Field(
        description="Why there is no answer, or why no language model composed it; else null.",
        examples=["nothing found is near enough"],
    )
    mode: Literal["extractive", "llm"] = Field(
        description="Who wrote the sentences: the documents, or a language model.", examples=["extractive"]
    )
    confidence: float = Field(description="How likely the passages answer it, 0 to 1.", examples=[0.93])
    standalone_question: str = Field(
        description="The question as it was searched for.", examples=["What did COVER-ALL compare?"]
    )
    fingerprint: Fingerprint = Field(description="What the answer was made from and by.")


class AnswerMessage(BaseModel):
    """The answer as a message."""

    role: Literal["assistant"] = Field(
        default="assistant", description="Always “assistant”.", examples=["assistant"]
    )
    content: str = Field(
        description="The answer with markers [n], and the list of sources below it.",
        examples=["Two ways to assess margins. [1]\n\nSources:\n[1] Year in Review — Main Findings"],
    )
    refusal: None = Field(default=None, description="Always null.", examples=[None])


class Choice(BaseModel):
    """The only choice."""

    index: Literal[0] = Field(default=0, description="Always 0.", examples=[0])
    message: AnswerMessage = Field(description="The answer.")
    finish_reason: Literal["stop"] = Field(default="stop", description="Always “stop”.", examples=["stop"])
    logprobs: None = Field(default=None, description="Always null.", examples=[None])


class ChatCompletion(BaseModel):
    """A whole answer."""

    id: str = Field(description="Id of the answer.", examples=[_ID])
    object: Literal["chat.completion"] = Field(
        default="chat.completion", description="Always “chat.completion”.", examples=["chat.completion"]
    )
    created: int = Field(description="When it was given, in seconds since 1970.", examples=[_CREATED])
    model: str = Field(description="The model that was asked for.", examples=["needle"])
    choices: list[Choice] = Field(description="One choice.")
    usage: None = Field(default=None, description="Always null: tokens are not counted.", examples=[None])
    needle: Evidence = Field(description="What the answer rests on.")


class ChunkDelta(BaseModel):
    """What a chunk adds."""

    role: Literal["assistant"] | None = None
    content: str | None = None


class ChunkChoice(BaseModel):
    """The only choice of a chunk."""

    index: Literal[0] = 0
    delta: ChunkDelta
    finish_reason: Literal["stop"] | None = None


class ChatChunk(BaseModel):
    """A piece of an answer; the last one has what the answer rests on."""

    id: str
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"
    created: int
    model: str
    choices: list[ChunkChoice]
    needle: Evidence | None = None


class ModelInfo(BaseModel):
    """A way to be answered, as a model."""

    id: Model = Field(description="Its name.", examples=["needle"])
    object: Literal["model"] = Field(default="model", description="Always “model”.", examples=["model"])
    created: int = Field(default=_CREATED, description="A fixed number.", examples=[_CREATED])
    owned_by: Literal["needle"] = Field(default="needle", description="Always “needle”.", examples=["needle"])


class ModelList(BaseModel):
    """All models."""

    object: Literal["list"] = Field(default="list", description="Always “list”.", examples=["list"])
    data: list[ModelInfo] = Field(description="The models.")


class ErrorDetail(BaseModel):
    """An error, for a person and for a program."""

    message: str = Field(
        description="The value, the rule and the mend.",
        examples=["there is no model 'gpt-5'; choose one of 'needle', 'needle-extractive'"],
    )
    type: Literal["invalid_request_error", "server_error"] = Field(
        description="Whose fault it is.", examples=["invalid_request_error"]
    )
    param: str | None = Field(description="The field that is wrong, if one is.", examples=["model"])
    code: str = Field(description="Stable name for programs to switch on.", examples=["model_not_found"])


class OpenAIError(BaseModel):
    """An error as OpenAI's API has it."""

    error: ErrorDetail = Field(description="What went wrong.")
