import re

import pytest
from openai import AuthenticationError, OpenAI
from pydantic import SecretStr
from starlette.routing import Mount, Route

from service.access.api_keys import Bucket, is_open
from service.app import create_app
from service.errors import SettingsError
from service.settings import Settings, load_settings
from tests.service.test_problems import problem

KEYS = ("first-key-0123456789", "second-key-0123456789")
QUESTION = "What did the COVER-ALL trial compare?"


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.fixture(scope="module")
def locked(serving):
    """A service that wants one of two keys."""
    with serving(api_keys=SecretStr(", ".join(KEYS))) as client:
        yield client


def routes(app) -> list[tuple[str, str]]:
    """Every method and path of the application, parameters filled in."""
    found = []
    # FastAPI keeps an included router as one entry of the list.
    included = [getattr(route, "original_router", None) for route in app.routes]
    apart = [route for route in app.routes if isinstance(route, Route | Mount)]
    assert len(apart) + sum(router is not None for router in included) == len(app.routes)
    for route in [*apart, *(route for router in included if router for route in router.routes)]:
        path = re.sub(r"{.*?}", "x", route.path)
        methods = (
            (getattr(route, "methods", None) or {"GET", "POST"}) if isinstance(route, Route) else {"GET"}
        )
        found += [(method, path) for method in methods]
    return found


def test_every_route_but_the_open_ones_is_refused_without_a_key(locked):
    closed = [(method, path) for method, path in routes(create_app(Settings())) if not is_open(f"{path}/")]
    closed = [(method, path) for method, path in closed if not is_open(path)]
    assert {path for _, path in closed} >= {"/openapi.json", "/v1/search", "/v1/answer", "/v1/models", "/mcp"}
    told = {(method, path): locked.request(method, path).status_code for method, path in closed}
    assert told == dict.fromkeys(closed, 401)


def test_what_holds_no_secret_is_open(locked):
    script = re.search(r'src="(/static/[^"]+)"', locked.get("/").text)
    paths = ("/", "/healthz", "/readyz", script[1])
    assert [locked.get(path).status_code for path in paths] == [200] * len(paths)


@pytest.mark.parametrize("path", ["/static/../v1/documents", "/static/%2e%2e/v1/documents", "//v1/documents"])
def test_no_other_spelling_of_a_path_is_open(locked, path):
    assert locked.get(path).status_code in (401, 404)


def test_a_refusal_says_what_to_send(locked):
    response = locked.get("/v1/documents")
    assert "Authorization: Bearer KEY" in problem(response, 401, "unauthorized")["detail"]
    assert response.headers["www-authenticate"] == "Bearer"
    assert "default-src 'none'" in response.headers["content-security-policy"]


@pytest.mark.parametrize("key", KEYS)
def test_each_key_reads(locked, key):
    assert locked.get("/v1/documents", headers=bearer(key)).status_code == 200
    answer = locked.post("/v1/answer", json={"question": QUESTION}, headers=bearer(key))
    assert "visual assessment" in answer.json()["answer"]


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "Bearer",
        f"Basic {KEYS[0]}",
        KEYS[0],
        f"Bearer {KEYS[0][:-1]}",
        f"Bearer {','.join(KEYS)}",
    ],
)
def test_anything_else_is_refused(locked, authorization):
    problem(locked.get("/v1/documents", headers={"Authorization": authorization}), 401, "unauthorized")


def test_a_key_in_the_query_is_none(locked):
    problem(locked.get("/v1/documents", params={"key": KEYS[0]}), 401, "unauthorized")


def test_openai_clients_send_the_key_and_understand_the_refusal(locked):
    with OpenAI(base_url=f"{locked.base_url}/v1", api_key=KEYS[0], max_retries=0) as sdk:
        assert next(model.id for model in sdk.models.list()) == "needle"
    stranger = OpenAI(base_url=f"{locked.base_url}/v1", api_key="wrong", max_retries=0)
    with stranger as sdk, pytest.raises(AuthenticationError) as caught:
        sdk.models.list()
    assert caught.value.code == "unauthorized"


def test_the_description_names_the_key_and_the_refusals(client):
    document = client.get("/openapi.json").json()
    search = document["paths"]["/v1/search"]["post"]
    assert {"bearer": []} in search["security"]
    assert {"401", "429"} <= search["responses"].keys()
    assert "security" not in document["paths"]["/healthz"]["get"]


def test_without_keys_everyone_reads(client):
    assert client.get("/v1/documents").status_code == 200


# How often


def test_requests_beyond_the_limit_wait_each_key_for_itself(serving):
    with serving(api_keys=SecretStr(",".join(KEYS)), rate_limit=3) as client:
        first = [client.get("/v1/documents", headers=bearer(KEYS[0])) for _ in range(4)]
        assert [response.status_code for response in first] == [200, 200, 200, 429]
        assert int(first[-1].headers["retry-after"]) in (19, 20)
        problem(first[-1], 429, "rate_limited")
        assert client.get("/v1/documents", headers=bearer(KEYS[1])).status_code == 200
        assert client.get("/healthz").status_code == 200


def test_a_bucket_fills_up_again_and_never_over_its_brim():
    now = [100.0]
    bucket = Bucket(limit=2, clock=lambda: now[0])
    assert [bucket.wait() for _ in range(3)] == [0, 0, 30]
    now[0] += 29.0
    assert bucket.wait() == 1
    now[0] += 1.0
    assert bucket.wait() == 0
    now[0] += 3600.0
    assert [bucket.wait() for _ in range(3)] == [0, 0, 30]


# The setting


def refusal() -> str:
    with pytest.raises(SettingsError) as caught:
        load_settings()
    return str(caught.value)


@pytest.mark.parametrize("value", ["short", f"{KEYS[0]},short", "sixteen but blank", "ümlaut-ümlaut-ümlaut"])
def test_a_key_that_is_easy_to_guess_or_fits_no_header_is_refused_unseen(monkeypatch, value):
    monkeypatch.setenv("NEEDLE_API_KEYS", value)
    told = refusal()
    assert "NEEDLE_API_KEYS is not shown here: it must have keys of 16 characters or more" in told
    assert value not in told


def test_keys_are_read_without_the_blanks_between(monkeypatch):
    monkeypatch.setenv("NEEDLE_API_KEYS", f" {KEYS[0]} ,{KEYS[1]},")
    settings = load_settings()
    assert settings.reading_keys() == list(KEYS)
    assert KEYS[0] not in f"{settings!r} {settings.model_dump_json()}"
