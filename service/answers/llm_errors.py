"""What can go wrong with the language model; every one of these leads to an extractive answer.

LLMError                    what the model's endpoint did, the rule it broke, and the mend
├── LLMUnreachable          no connection could be made, or it was lost before the first word
├── LLMTimeout              nothing came for too long, or the whole took too long
├── LLMRefused              the endpoint answered with an error, after the retries that make sense
├── LLMInvalidResponse      what came is not the event stream of a chat completion
├── LLMStreamBroken         the stream ended before the answer did
└── LLMStreamTooLong        the stream went on beyond every limit

They reach clients, so none of their lines holds the endpoint's address, the key, or what the endpoint wrote.
"""

from ingest.errors import NeedleError


class LLMError(NeedleError):
    """The root: the language model gave no answer that can be used.

    what: what happened, for who asked; the whole line adds the mend, for who runs the service.
    """

    code = "llm_failed"

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}; {mend}")
        self.what = what


class LLMUnreachable(LLMError):
    """No connection could be made, or it was lost before the first word."""

    code = "llm_unreachable"

    def __init__(self, why: str) -> None:
        what = f"the language model cannot be reached ({why})"
        super().__init__(what, "start it, or correct NEEDLE_LLM_BASE_URL")


class LLMTimeout(LLMError):
    """Nothing came for too long, or the whole took too long."""

    code = "llm_timeout"

    def __init__(self, seconds: float, *, silent: bool) -> None:
        did = "was silent for" if silent else "did not finish within"
        what = f"the language model {did} {seconds:g} seconds"
        super().__init__(what, "use a faster one, or raise NEEDLE_LLM_TIMEOUT")


class LLMRefused(LLMError):
    """The endpoint answered with an error, after the retries that make sense."""

    code = "llm_refused"

    def __init__(self, status: int) -> None:
        super().__init__(f"the language model refused (status {status})", _mend(status))
        self.status = status


class LLMInvalidResponse(LLMError):
    """What came is not the event stream of a chat completion."""

    code = "llm_invalid_response"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the language model sent {what} instead of a chat completion's event stream",
            "NEEDLE_LLM_BASE_URL must name an OpenAI-compatible endpoint",
        )


class LLMStreamBroken(LLMError):
    """The stream ended before the answer did."""

    code = "llm_stream_broken"

    def __init__(self) -> None:
        super().__init__("the language model's answer broke off half way", "its own log says why")


class LLMStreamTooLong(LLMError):
    """The stream went on beyond every limit."""

    code = "llm_stream_too_long"

    def __init__(self, most: int, unit: str) -> None:
        what = f"the language model wrote more than {most:,} {unit}, the most that is read"
        super().__init__(what, "use one that follows its instructions, or raise NEEDLE_LLM_MAX_TOKENS")


def _mend(status: int) -> str:
    if status in (401, 403):
        return "check NEEDLE_LLM_API_KEY"
    if status == 404:
        return "check NEEDLE_LLM_MODEL and NEEDLE_LLM_BASE_URL"
    if status == 429:
        return "wait, or raise its limits"
    if 300 <= status < 400:
        return "name the address it redirects to in NEEDLE_LLM_BASE_URL"
    return "its own log says why"
