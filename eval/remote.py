"""A running service as a system: what its users get, over HTTP."""

from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from eval.errors import ServiceFailed
from eval.questions import Question
from eval.systems import Answer, Retrieved

NAME = "service"


class _Document(BaseModel):
    id: str


class _DocumentList(BaseModel):
    documents: list[_Document]


class _Passage(BaseModel):
    id: str
    document: _Document
    spans: list[tuple[int, int]]
    text: str


class _Found(BaseModel):
    answerable: bool
    confidence: float
    passages: list[_Passage]


_Model = TypeVar("_Model", _DocumentList, _Found)


class RemoteSystem:
    """Needle behind `url`; the time of a question is that of the whole request."""

    name = NAME

    def __init__(self, url: str) -> None:
        self.about = f"the service at {url}"
        self._url = url
        try:
            self._client = httpx.Client(base_url=url, timeout=60)
        except httpx.InvalidURL as exc:
            raise ServiceFailed(f"{url!r} is no address ({exc}); write it as http://127.0.0.1:8000") from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def texts(self) -> dict[str, str]:
        """The canonical text of each of its documents, by id."""
        listed = self._parsed(_DocumentList, self._request("GET", "/v1/documents"))
        return {
            document.id: self._request("GET", f"/v1/documents/{document.id}/text").content.decode()
            for document in listed.documents
        }

    def search(self, question: Question, depth: int) -> Answer:
        body = {
            "question": question.question,
            "top_k": depth,
            "history": [message.model_dump() for message in question.history],
        }
        found = self._parsed(_Found, self._request("POST", "/v1/search", json=body))
        passages = tuple(Retrieved(p.id, p.document.id, tuple(p.spans), p.text) for p in found.passages)
        return Answer(passages, found.confidence, not found.answerable)

    def _request(self, method: str, path: str, **content: Any) -> httpx.Response:  # noqa: ANN401
        try:
            response = self._client.request(method, path, **content)
        except httpx.HTTPError as exc:
            reason = str(exc) or type(exc).__name__
            raise ServiceFailed(
                f"{self._url} cannot be reached ({reason}); start it with `needle serve`, or mend --url"
            ) from exc
        if not response.is_success:
            raise ServiceFailed(
                f"{self._url}{path} answered {response.status_code} ({response.text[:200]}); "
                "look into its log, or mend --url"
            )
        return response

    def _parsed(self, model: type[_Model], response: httpx.Response) -> _Model:
        try:
            return model.model_validate_json(response.content)
        except ValidationError as exc:
            error = exc.errors()[0]
            field = ".".join(str(part) for part in error["loc"])
            raise ServiceFailed(
                f"{response.url} does not answer as Needle does ({field}: {error['msg']}); mend --url"
            ) from exc
