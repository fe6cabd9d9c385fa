import hashlib

import pytest

FILES = {
    "lim": "lim-moving-the-needle-forward.txt",
    "dinc": "dinc-ai-in-interventional-radiology.txt",
    "hmp": "hmp-ai-in-interventional-oncology-year-in-review.txt",
}


def test_documents_are_listed_in_the_order_of_the_corpus(client):
    documents = client.get("/v1/documents").json()["documents"]
    assert [d["id"] for d in documents] == list(FILES)
    assert [d["file"] for d in documents] == list(FILES.values())
    assert all(d["passages"]["paragraph"] > 0 for d in documents)


def test_a_document_tells_its_outline(client):
    outline = client.get("/v1/documents/hmp").json()["outline"]
    assert [h["text"] for h in outline][:2] == ["Key Summary", "Main Findings"]
    text = client.get("/v1/documents/hmp/text").text
    assert text[outline[1]["start"] : outline[1]["end"]] == "Main Findings"


def test_a_document_tells_its_bibliography_with_oddities(client):
    references = client.get("/v1/documents/lim").json()["references"]
    assert [r["number"] for r in references] == list(range(1, 80))
    assert any("another reference is printed inside" in o for r in references for o in r["oddities"])


def test_a_document_without_bibliography_has_none_and_says_so(client):
    document = client.get("/v1/documents/dinc").json()
    assert document["references"] == []
    assert any("prints no bibliography" in oddity for oddity in document["oddities"])


def test_a_document_tells_its_abbreviations(client):
    abbreviations = client.get("/v1/documents/hmp").json()["abbreviations"]
    assert {"MAM": "minimal ablative margin"}.items() <= {
        a["short"]: a["long"] for a in abbreviations
    }.items()


@pytest.mark.parametrize("document_id", FILES)
def test_the_text_is_the_file_byte_for_byte(client, document_id, request):
    response = client.get(f"/v1/documents/{document_id}/text")
    corpus = request.config.rootpath / "corpus"
    assert response.content == (corpus / FILES[document_id]).read_bytes()
    assert response.headers["content-type"] == "text/plain; charset=utf-8"


def test_a_text_that_is_known_already_is_not_sent_again(client):
    first = client.get("/v1/documents/dinc/text")
    assert first.headers["etag"] == f'"{hashlib.sha256(first.content).hexdigest()}"'
    again = client.get("/v1/documents/dinc/text", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
