import json
import logging
from urllib.parse import unquote

import pytest

from ingest.errors import CorpusError
from service.app import MAX_BODY_BYTES, create_app
from service.settings import Settings


def problem(response, status: int, code: str) -> dict:
    """The body of a response, checked to be the problem that is expected."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    body = response.json()
    assert body["type"] == f"urn:needle:problem:{code}"
    assert (body["status"], body["code"]) == (status, code)
    assert body["title"] and body["detail"]
    assert unquote(body["instance"]) == response.request.url.path
    return body


@pytest.mark.parametrize(
    ("fields", "field", "message"),
    [
        ({}, "question", "question is required; add it"),
        ({"question": ""}, "question", "question is “”: it must have at least 1 character"),
        ({"question": " \n\t "}, "question", "at least 1 character that is not blank"),
        ({"question": "\u200b\u2060"}, "question", "at least one character that can be seen"),
        ({"question": "a" * 2001}, "question", "at most 2,000 characters and has 2,001; shorten it"),
        ({"question": 7}, "question", "question is 7: it must be a string"),
        ({"question": "\ud800"}, "question", "valid Unicode"),
        ({"question": "Q", "top_k": 0}, "top_k", "top_k is 0: it must be at least 1; raise it"),
        ({"question": "Q", "top_k": 51}, "top_k", "top_k is 51: it must be at most 50; lower it"),
        ({"question": "Q", "top_k": "5"}, "top_k", "top_k is “5”: it must be a whole number"),
        ({"question": "Q", "top_k": 1.5}, "top_k", "whole number"),
        ({"question": "Q", "top_k": True}, "top_k", "top_k is true: it must be a whole number"),
        ({"question": "Q", "kinds": ["chapter"]}, "kinds[0]", "it must be one of 'paragraph'"),
        ({"question": "Q", "kinds": []}, "kinds", "leave the whole field out"),
        ({"question": "Q", "document_ids": "hmp"}, "document_ids", "must be a list"),
        ({"question": "Q", "topk": 5}, "topk", "topk is 5: it is no field of this request"),
        ({"question": "Q", "history": [5]}, "history[0]", "{role, content} or {question, answer}"),
        ({"question": "Q", "history": ["Q"] * 51}, "history", "at most 50 turns and has 51"),
        (
            {"question": "Q", "history": [{"role": "system", "content": "C"}]},
            "history[0].role",
            "'user' or 'assistant'",
        ),
    ],
)
def test_a_broken_rule_is_named_with_field_value_and_mend(client, fields, field, message):
    # As ASCII, since a lone surrogate has no UTF-8.
    content = json.dumps(fields)
    response = client.post("/v1/search", content=content, headers={"Content-Type": "application/json"})
    body = problem(response, 422, "invalid_request")
    assert body["errors"][0]["field"] == field
    assert message in body["errors"][0]["message"]
    assert body["detail"] == body["errors"][0]["message"]


def test_all_broken_rules_are_listed(client):
    body = problem(
        client.post("/v1/search", json={"question": "", "top_k": 0, "x": 1}), 422, "invalid_request"
    )
    assert {error["field"] for error in body["errors"]} == {"question", "top_k", "x"}
    assert body["detail"].endswith("(and 2 more, under errors)")


@pytest.mark.parametrize(
    "content",
    [b"", b"null", b"[]", b'"question"', b"5"],
    ids=["nothing", "null", "list", "string", "number"],
)
def test_a_body_that_is_no_object_is_refused(client, content):
    response = client.post("/v1/search", content=content, headers={"Content-Type": "application/json"})
    problem(response, 422, "invalid_request")


@pytest.mark.parametrize(
    "content",
    [b"{", b"question=Q", b'{"question": "\xff"}', b"[" * 100_000, b'{"top_k": ' + b"9" * 5000 + b"}"],
    ids=["cut short", "a form", "no UTF-8", "too deep", "too long a number"],
)
def test_a_body_that_is_no_json_is_refused(client, content):
    response = client.post("/v1/search", content=content, headers={"Content-Type": "application/json"})
    problem(response, 400, "invalid_json")


def test_a_number_that_json_does_not_know_is_refused(client):
    content = b'{"question": "Q", "top_k": NaN}'
    response = client.post("/v1/search", content=content, headers={"Content-Type": "application/json"})
    assert problem(response, 422, "invalid_request")["errors"][0]["value"] == "nan"


def test_json_that_is_not_called_so_is_refused(client):
    response = client.post("/v1/search", content=b'{"question": "Q"}', headers={"Content-Type": "text/plain"})
    assert "Content-Type: application/json" in problem(response, 422, "invalid_request")["detail"]


def test_an_unknown_document_in_a_search_is_named(client):
    response = client.post("/v1/search", json={"question": "Q", "document_ids": ["hmp", "hpm"]})
    body = problem(response, 404, "unknown_document")
    assert body["errors"] == [
        {
            "field": "document_ids[1]",
            "message": "no document has the id 'hpm'; did you mean 'hmp'?",
            "value": "hpm",
        }
    ]


@pytest.mark.parametrize("path", ["/v1/documents/nobody", "/v1/documents/nobody/text"])
def test_an_unknown_document_in_a_path_is_named(client, path):
    assert "'nobody'" in problem(client.get(path), 404, "unknown_document")["detail"]


def test_an_unknown_passage_is_named(client):
    assert "'hmp-0'" in problem(client.get("/v1/passages/hmp-0"), 404, "unknown_passage")["detail"]


@pytest.mark.parametrize("path", ["/nowhere", "/v1", "/v1/documents/", "/static/nothing.js", "/favicon.ico"])
def test_an_unknown_route_is_not_found(client, path):
    problem(client.get(path), 404, "not_found")


def test_a_path_out_of_the_static_folder_is_not_found(client):
    problem(client.get("/static/%2e%2e/app.py"), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/search", "POST"), ("PUT", "/v1/search", "POST"), ("DELETE", "/v1/passages/x", "GET")],
)
def test_a_wrong_method_names_the_right_one(client, method, path, allowed):
    response = client.request(method, path)
    assert allowed in problem(response, 405, "method_not_allowed")["detail"]
    assert allowed in response.headers["allow"]


def test_a_body_that_is_too_large_is_refused(client):
    response = client.post("/v1/search", json={"question": "a" * MAX_BODY_BYTES})
    problem(response, 413, "request_too_large")


def test_a_body_of_unknown_length_that_is_too_large_is_refused(client):
    chunks = (b"a" * 65536 for _ in range(MAX_BODY_BYTES // 65536 + 1))
    response = client.post("/v1/search", content=chunks, headers={"Content-Type": "application/json"})
    problem(response, 413, "request_too_large")


@pytest.mark.parametrize("error", [RuntimeError, CorpusError])
def test_an_unexpected_error_tells_nothing_of_the_inside(running, tmp_path, caplog, error):
    app = create_app(Settings(index=tmp_path))

    @app.get("/broken")
    def broken() -> None:
        raise error("the secret of the inside")

    with running(app) as client, caplog.at_level(logging.ERROR):
        response = client.get("/broken")
    body = problem(response, 500, "internal_error")
    assert "secret" not in response.text
    number = body["detail"].split()[-1]
    assert any(number in record.getMessage() and record.exc_info for record in caplog.records)
