"""Errors as RFC 9457 problem documents: one shape, one stable `code`, for everything that goes wrong."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ingest.errors import NeedleError
from service import broken_rules
from service.errors import Overloaded, RequestError
from service.telemetry import request_notes

MEDIA_TYPE = "application/problem+json"


class Meaning(NamedTuple):
    """What every problem with one code has in common."""

    status: int
    title: str


CATALOGUE: Mapping[str, Meaning] = {
    "invalid_json": Meaning(400, "The body is not JSON"),
    "bad_request": Meaning(400, "The request cannot be read"),
    "invalid_upload": Meaning(400, "The body holds no files that can be taken"),
    "unauthorized": Meaning(401, "A key is wanted"),
    "writing_disabled": Meaning(403, "Writing is off"),
    "not_found": Meaning(404, "There is no such route"),
    "unknown_document": Meaning(404, "There is no such document"),
    "unknown_passage": Meaning(404, "There is no such passage"),
    "unknown_job": Meaning(404, "There is no such job"),
    "model_not_found": Meaning(404, "There is no such model"),
    "method_not_allowed": Meaning(405, "The route does not take this method"),
    "request_timeout": Meaning(408, "The body took too long"),
    "llm_not_configured": Meaning(409, "No language model is set up"),
    "request_too_large": Meaning(413, "The body is too large"),
    "invalid_request": Meaning(422, "The request breaks a rule"),
    "unknown_host": Meaning(421, "The request is meant for another host"),
    "rate_limited": Meaning(429, "Too many requests"),
    "internal_error": Meaning(500, "Needle failed"),
    "overloaded": Meaning(503, "Too many questions at once"),
    "index_missing": Meaning(503, "There is no index yet"),
    "index_damaged": Meaning(503, "The index is damaged"),
    "index_mismatch": Meaning(503, "The index does not fit this service"),
    "index_unreachable": Meaning(503, "The server of the index does not answer"),
    "index_unusable": Meaning(503, "The index cannot be used"),
    "encoder_unavailable": Meaning(503, "The embedding model cannot be used"),
    "too_many_jobs": Meaning(503, "Too many jobs are waiting"),
}
# What keeps any route from answering that needs the index.
INDEX_CODES = (
    "index_missing",
    "index_damaged",
    "index_mismatch",
    "index_unreachable",
    "encoder_unavailable",
)
# What a client needs besides the document to go on.
_HEADERS = {
    "unauthorized": {"WWW-Authenticate": "Bearer"},
    "overloaded": {"Retry-After": str(Overloaded.retry_after)},
    "too_many_jobs": {"Retry-After": "60"},
}
_BY_STATUS = {404: "not_found", 405: "method_not_allowed", 408: "request_timeout", 413: "request_too_large"}


class FieldProblem(BaseModel):
    """One field of the request that breaks a rule."""

    field: str = Field(description="Where the field is in the request.", examples=["history[0].content"])
    message: str = Field(
        description="The value, the rule and the mend, in one line.",
        examples=["top_k is 51: it must be at most 50; lower it"],
    )
    value: str | int | float | bool | None = Field(
        default=None, description="What was given, shortened if long; null if nothing was.", examples=[51]
    )


class Problem(BaseModel):
    """An RFC 9457 problem document."""

    type: str = Field(
        description="URI of the kind of problem; it names the code and leads nowhere.",
        examples=["urn:needle:problem:invalid_request"],
    )
    title: str = Field(
        description="The kind of problem in words, the same for one code.",
        examples=["The request breaks a rule"],
    )
    status: int = Field(description="The HTTP status of the response.", examples=[422])
    detail: str = Field(
        description="What is wrong with this request, and the mend.",
        examples=["top_k is 51: it must be at most 50; lower it"],
    )
    instance: str = Field(description="Path of the request.", examples=["/v1/search"])
    code: str = Field(description="Stable name for programs to switch on.", examples=["invalid_request"])
    request_id: str = Field(
        description="Id of the request, as in the header X-Request-ID and in the service's log.",
        examples=["3f9c2a17d0b84e6f9a51c3d2e4b6a798"],
    )
    errors: list[FieldProblem] | None = Field(
        default=None,
        description="Every field that breaks a rule; only where fields do.",
        examples=[
            [{"field": "top_k", "message": "top_k is 51: it must be at most 50; lower it", "value": 51}]
        ],
    )


def problem(
    code: str,
    detail: str,
    path: str,
    *,
    errors: Sequence[FieldProblem] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The response for one problem of the catalogue."""
    body = described(code, detail, path)
    body.errors = list(errors) or None
    return _response(body, headers)


def described(code: str, detail: str, path: str) -> Problem:
    """A problem; one that is not in the catalogue, as a job may have, is a failure of the service."""
    status, title = CATALOGUE.get(code, CATALOGUE["internal_error"])
    return Problem(
        type=f"urn:needle:problem:{code}",
        title=title,
        status=status,
        detail=detail,
        instance=quote(path),
        code=code,
        request_id=request_notes.current().request_id,
    )


def documented(*codes: str) -> dict[int | str, dict[str, Any]]:
    """The OpenAPI `responses` of a route that can fail in these ways."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(CATALOGUE[code].status, []).append(code)
    responses: dict[int | str, dict[str, Any]] = {
        status: _documented_status(names) for status, names in sorted(by_status.items())
    }
    return {**responses, "default": _documented_status(["internal_error"])}


def describe(openapi: dict[str, Any]) -> dict[str, Any]:
    """`openapi` with the schema of a problem, which `documented` refers to."""
    described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    models = openapi.setdefault("components", {}).setdefault("schemas", {})
    models.update(described.pop("$defs"), Problem=described)
    return openapi


def install(app: FastAPI) -> None:
    """Answer every error that reaches `app` with a problem document."""
    for kind, handler in _HANDLERS.items():
        app.add_exception_handler(kind, handler)


def explained(request: Request, exc: Exception) -> Response:
    """The problem document for `exc`. Raises it again if nobody foresaw it."""
    for kind, handler in _HANDLERS.items():
        if isinstance(exc, kind):
            return handler(request, exc)
    raise exc


def _validation_problem(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, RequestValidationError)
    found = exc.errors()
    if found[0]["type"] == "json_invalid":
        place = f"{found[0]['ctx']['error']} at character {found[0]['loc'][-1]}"
        return problem("invalid_json", f"the body is not JSON: {place}; mend it there", request.url.path)
    errors = [_field_problem(error) for error in found]
    more = f" (and {len(errors) - 1} more, under errors)" if len(errors) > 1 else ""
    return problem("invalid_request", errors[0].message + more, request.url.path, errors=errors)


def _field_problem(error: Mapping[str, Any]) -> FieldProblem:
    return FieldProblem(
        field=broken_rules.field_name(error["loc"]),
        message=broken_rules.message(error),
        value=None if error["type"] == "missing" else broken_rules.plain(error["input"]),
    )


def _http_problem(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException)
    path, headers = request.url.path, exc.headers
    if exc.status_code == HTTPStatus.NOT_FOUND:
        return problem("not_found", f"no route has the path {path[:200]!r}; /openapi.json lists them", path)
    if exc.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        allowed = (headers or {}).get("Allow", "another method")
        detail = f"{path} does not take {request.method}; use {allowed}"
        return problem("method_not_allowed", detail, path, headers=headers)
    if exc.status_code == HTTPStatus.BAD_REQUEST:
        return problem("invalid_json", "the body cannot be read as JSON in UTF-8; send it so", path)
    code = _BY_STATUS.get(exc.status_code, "bad_request" if exc.status_code < 500 else "internal_error")
    return problem(code, str(exc.detail), path, headers=headers)


def _needle_problem(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, NeedleError)
    if exc.code not in CATALOGUE:
        raise exc  # not foreseen in a request; `middleware.UnexpectedErrors` answers it
    errors = []
    if isinstance(exc, RequestError) and exc.field:
        errors = [FieldProblem(field=exc.field, message=str(exc), value=broken_rules.plain(exc.value))]
    return problem(exc.code, str(exc), request.url.path, errors=errors, headers=_HEADERS.get(exc.code))


_HANDLERS: Mapping[type[Exception], Callable[[Request, Exception], Response]] = {
    RequestValidationError: _validation_problem,
    HTTPException: _http_problem,
    NeedleError: _needle_problem,
}


def _response(body: Problem, headers: Mapping[str, str] | None) -> Response:
    content = body.model_dump_json(exclude={"errors"} if body.errors is None else None)
    return Response(content, body.status, dict(headers or {}), MEDIA_TYPE)


def _documented_status(codes: Sequence[str]) -> dict[str, Any]:
    example = Problem(
        type=f"urn:needle:problem:{codes[0]}",
        title=CATALOGUE[codes[0]].title,
        status=CATALOGUE[codes[0]].status,
        detail="What is wrong with this request, and the mend.",
        instance="/v1/search",
        code=codes[0],
        request_id="3f9c2a17d0b84e6f9a51c3d2e4b6a798",
    ).model_dump(exclude={"errors"})
    return {
        "description": "; ".join(f"`{code}`: {CATALOGUE[code].title}" for code in codes),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}},
    }
