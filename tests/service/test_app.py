import re

import pytest

PATHS = ["/", "/healthz", "/nowhere", "/v1/documents/dinc/text", "/openapi.json"]


def test_readiness_tells_the_index(client, generation):
    ready = client.get("/readyz").json()
    assert ready["status"] == "ready"
    assert ready["generation"] == generation.name
    assert ready["fingerprint"] == generation.manifest.fingerprint
    assert ready["documents"] == 3
    assert ready["passages"] == generation.manifest.passages


@pytest.mark.parametrize("path", PATHS)
def test_every_response_has_the_security_headers(client, path):
    headers = client.get(path).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"


def test_the_page_obeys_its_own_policy(client):
    page = client.get("/").text
    assert "<style" not in page
    assert "style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == 1


def test_the_page_names_its_files_by_their_content_and_they_are_kept_for_ever(client):
    page = client.get("/")
    assert page.headers["cache-control"] == "no-cache"
    assert client.get("/", headers={"If-None-Match": page.headers["etag"]}).status_code == 304
    addresses = re.findall(r'"(/static/[^"]+)"', page.text)
    assert [address.rpartition("/")[2] for address in addresses] == ["icon.svg", "page.css", "page.js"]
    for address in addresses:
        response = client.get(address)
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert "default-src 'none'" in response.headers["content-security-policy"]
        assert response.headers["etag"]
    assert client.get("/static/0/page.js").status_code == 404


def test_the_page_gives_no_medical_advice(client):
    assert "It gives no medical advice." in client.get("/").text


def described(client):
    return client.get("/openapi.json").json()


def test_every_field_is_described_with_an_example(client):
    models = described(client)["components"]["schemas"]
    for model, schema in models.items():
        for name, field in schema.get("properties", {}).items():
            assert field.get("description"), f"{model}.{name}"
            assert "examples" in field or "$ref" in str(field), f"{model}.{name} has no example"


def test_every_route_of_the_api_documents_its_problems(client):
    for path, methods in described(client)["paths"].items():
        for method, operation in methods.items():
            failures = {status: r for status, r in operation["responses"].items() if status >= "400"}
            assert failures or path == "/healthz", f"{method} {path}"
            openai = "OpenAI-compatible" in operation["tags"]
            for response in failures.values():
                expected = "application/json" if openai else "application/problem+json"
                assert list(response["content"]) == [expected], f"{method} {path}"


def test_every_reference_of_the_description_is_defined(client):
    document = described(client)
    names = {part.split('"')[0].split("'")[0] for part in str(document).split("#/components/schemas/")[1:]}
    assert names <= document["components"]["schemas"].keys()
