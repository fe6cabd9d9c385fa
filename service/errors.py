"""What can go wrong while answering, beside what `ingest.errors` names.

NeedleError                 one line that a person can act on: the value, the rule, the mend
├── SettingsError           an environment variable or a line of .env breaks a rule
├── PortUnavailable         the address cannot be listened on
├── JobFailed               a change of the documents could not be made as a whole
├── Overloaded              as many questions are being answered as may be
├── InvalidRequest          a field of a question breaks a rule (over HTTP, FastAPI says so itself)
└── RequestError            what was asked for cannot be given
    ├── UnknownDocument     no document of the index has this id
    ├── UnknownPassage      no passage of the index has this id
    ├── UnknownJob          no job has this id, or it was long ago
    ├── WritingDisabled     documents are to be written over HTTP, and no key is set up for that
    ├── Unauthorized        the key is missing or wrong
    ├── InvalidUpload       a body that should hold files holds none that can be taken
    ├── TooManyJobs         more uploads wait than are taken
    ├── UnknownModel        no model of the OpenAI-compatible routes has this name
    ├── InvalidChat         a conversation in OpenAI's form holds no question that can be read
    └── LLMNotConfigured    an answer of a language model was asked for, and none is set up
"""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ingest.errors import NeedleError


class SettingsError(NeedleError):
    """A setting has a value that it cannot have, or there is no such setting."""

    code = "settings_invalid"


class PortUnavailable(NeedleError):
    """Something else listens there already, or this machine does not allow it."""

    code = "port_unavailable"


class Overloaded(NeedleError):
    """As many questions are being answered, or wait for it, as may at once.

    retry_after: seconds after which to ask again; a full queue is worked off in about that time.
    """

    code = "overloaded"
    retry_after = 1

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} questions are being answered already, the most at once; ask again in a second"
        )


class JobFailed(NeedleError):
    """A change of the documents could not be made as a whole.

    code: of what kept it from being made.
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code, detail)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[1])


class InvalidRequest(NeedleError):
    """A field of a question breaks a rule."""

    code = "invalid_request"


class RequestError(NeedleError):
    """What was asked for cannot be given.

    field: the place in the request body that names it, if it came in one.
    value: what was given there.
    """

    code = "request_error"

    def __init__(self, message: str, *, value: str, field: str | None = None) -> None:
        super().__init__(message)
        self.value = value
        self.field = field


class UnknownDocument(RequestError):
    """No document of the index has this id."""

    code = "unknown_document"

    def __init__(self, document_id: str, known: Iterable[str], *, field: str | None = None) -> None:
        known = sorted(known)
        near = get_close_matches(document_id, known, n=1)
        mend = f"did you mean {near[0]!r}?" if near else f"the index holds {_listed(known)}"
        message = f"no document has the id {document_id[:80]!r}; {mend}"
        super().__init__(message, value=document_id, field=field)


class UnknownPassage(RequestError):
    """No passage of the index has this id."""

    code = "unknown_passage"

    def __init__(self, passage_id: str) -> None:
        message = f"no passage has the id {passage_id[:80]!r}; ids change with the text: search for it again"
        super().__init__(message, value=passage_id)


class UnknownJob(RequestError):
    """No job has this id, or it was long ago."""

    code = "unknown_job"

    def __init__(self, job_id: str) -> None:
        message = (
            f"no job has the id {job_id[:80]!r}; the last ones are remembered until the service restarts: "
            "see GET /v1/documents for what is there"
        )
        super().__init__(message, value=job_id)


class WritingDisabled(RequestError):
    """Documents are to be written over HTTP, and no key is set up for that."""

    code = "writing_disabled"

    def __init__(self) -> None:
        message = (
            "writing over HTTP is off; set NEEDLE_ADMIN_KEY and send it as “Authorization: Bearer KEY”, or "
            "use `needle add` and `needle remove` where the service runs"
        )
        super().__init__(message, value="")


class Unauthorized(RequestError):
    """The key is missing or wrong."""

    code = "unauthorized"

    def __init__(self) -> None:
        message = "the key is missing or wrong; send NEEDLE_ADMIN_KEY as “Authorization: Bearer KEY”"
        super().__init__(message, value="")


class InvalidUpload(RequestError):
    """A body that should hold files holds none that can be taken."""

    code = "invalid_upload"

    def __init__(self, message: str) -> None:
        super().__init__(message, value="", field="files")


class TooManyJobs(RequestError):
    """More uploads wait than are taken."""

    code = "too_many_jobs"

    def __init__(self, most: int) -> None:
        super().__init__(f"{most} jobs are waiting, the most that are taken; try again later", value="")


class UnknownModel(RequestError):
    """No model of the OpenAI-compatible routes has this name."""

    code = "model_not_found"

    def __init__(self, model: str, known: Sequence[str]) -> None:
        message = f"there is no model {model[:80]!r}; choose one of {_listed(list(known))}"
        super().__init__(message, value=model, field="model")


class InvalidChat(RequestError):
    """A conversation in OpenAI's form holds no question that can be read."""

    code = "invalid_request"

    def __init__(self, message: str) -> None:
        super().__init__(message, value="", field="messages")


class LLMNotConfigured(RequestError):
    """An answer of a language model was asked for, and none is set up."""

    code = "llm_not_configured"

    def __init__(self, *, value: str = "llm", field: str = "compose") -> None:
        message = (
            f"{field} is {value!r} and no language model is set up; "
            "set NEEDLE_LLM_BASE_URL, or ask for an extractive answer"
        )
        super().__init__(message, value=value, field=field)


def _listed(names: list[str], most: int = 8) -> str:
    shown = ", ".join(repr(name) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
