"""Who reaches the service at all: other sites' pages, other machines, clients that never finish."""

import socket

import pytest

from service.cli import serve
from service.errors import SettingsError
from service.settings import Settings, load_settings
from tests.service.test_problems import problem

ORIGIN = "https://example.org"
PREFLIGHT = {
    "Origin": ORIGIN,
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization, content-type",
}


def test_no_other_site_may_ask(client):
    assert (
        "access-control-allow-origin" not in client.get("/v1/documents", headers={"Origin": ORIGIN}).headers
    )
    refused = client.options("/v1/search", headers=PREFLIGHT)
    assert refused.status_code >= 400
    assert "access-control-allow-origin" not in refused.headers


def test_a_named_site_may_ask_and_no_other(serving):
    with serving(cors_origins=f"{ORIGIN}, https://other.example") as client:
        allowed = client.options("/v1/search", headers=PREFLIGHT)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == ORIGIN
        assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
        assert "access-control-allow-credentials" not in allowed.headers
        stranger = client.get("/v1/documents", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in stranger.headers


@pytest.mark.parametrize("value", ["*", "example.org", "https://example.org/", "null", "https://a.org/x"])
def test_an_origin_that_is_none_is_refused(monkeypatch, value):
    monkeypatch.setenv("NEEDLE_CORS_ORIGINS", value)
    with pytest.raises(SettingsError, match=r"must name origins as https://example.org, without a path"):
        load_settings()


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[", "10.0.0.1"]
)
@pytest.mark.parametrize("path", ["/", "/v1/documents", "/mcp"])
def test_on_this_machine_a_request_for_another_name_is_refused(client, host, path):
    problem(client.get(path, headers={"Host": host}), 421, "unknown_host")


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "127.9.9.9"])
def test_this_machines_own_names_are_known(client, host):
    assert client.get("/v1/documents", headers={"Host": host}).status_code == 200


def test_a_name_of_the_settings_is_known(serving):
    with serving(allowed_hosts="needle.example.org") as client:
        assert client.get("/v1/documents", headers={"Host": "Needle.example.org"}).status_code == 200
        problem(client.get("/v1/documents", headers={"Host": "evil.example"}), 421, "unknown_host")


@pytest.mark.parametrize(("host", "names"), [("0.0.0.0", []), ("127.0.0.1", ["127.0.0.1"])])
def test_where_other_machines_ask_any_name_does(host, names):
    assert Settings(host=host).host_names() == names


@pytest.mark.parametrize(
    ("host", "keys", "warned"),
    [
        ("127.0.0.1", None, False),
        ("localhost", None, False),
        ("::1", None, False),
        ("0.0.0.0", None, True),
        ("0.0.0.0", "a-key-of-some-length", False),
        ("needle.example.org", None, True),
    ],
)
def test_a_service_that_others_reach_without_a_key_warns(capsys, host, keys, warned):
    serve.warn_if_exposed(Settings(host=host, api_keys=keys))
    assert ("set NEEDLE_API_KEYS, or listen on 127.0.0.1" in capsys.readouterr().err) == warned


def test_a_body_that_trickles_in_is_refused_and_the_connection_closed(serving, monkeypatch):
    monkeypatch.setattr("service.app.MAX_BODY_SECONDS", 0.3)
    with serving() as client:
        address = (client.base_url.host, client.base_url.port)
        with socket.create_connection(address, timeout=10) as connection:
            connection.sendall(
                b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                b"Content-Length: 1000\r\n\r\n{"
            )
            said = b""
            while received := connection.recv(65536):
                said += received
    assert said.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_timeout"' in said
