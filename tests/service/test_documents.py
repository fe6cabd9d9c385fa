import hashlib

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest.build import build
from service.app import create_app
from service.live_index import LiveIndex
from service.settings import Settings

FILES = {
    "lim": "lim-moving-the-needle-forward.txt",
    "dinc": "dinc-ai-in-interventional-radiology.txt",
    "hmp": "hmp-ai-in-interventional-oncology-year-in-review.txt",
}


def test_documents_are_listed_in_the_order_of_the_corpus(either):
    documents = either.get("/v1/documents").json()["documents"]
    assert [d["id"] for d in documents] == list(FILES)
    assert [d["file"] for d in documents] == list(FILES.values())
    assert all(d["passages"]["paragraph"] > 0 for d in documents)


def test_a_document_tells_its_outline(either):
    outline = either.get("/v1/documents/hmp").json()["outline"]
    assert [h["text"] for h in outline][:2] == ["Key Summary", "Main Findings"]
    text = either.get("/v1/documents/hmp/text").text
    assert text[outline[1]["start"] : outline[1]["end"]] == "Main Findings"


def test_a_document_tells_its_bibliography_with_oddities(client):
    references = client.get("/v1/documents/lim").json()["references"]
    assert [r["number"] for r in references] == list(range(1, 80))
    assert any("another reference is printed inside" in o for r in references for o in r["oddities"])


def test_a_document_without_bibliography_has_none_and_says_so(client):
    document = client.get("/v1/documents/dinc").json()
    assert document["references"] == []
    assert any("prints no bibliography" in oddity for oddity in document["oddities"])


def test_a_document_tells_its_abbreviations(either):
    abbreviations = either.get("/v1/documents/hmp").json()["abbreviations"]
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


def test_a_pdf_is_served_with_its_text_and_the_pages_of_its_passages(tmp_path, encoder, running):
    canvas = Canvas(str(tmp_path / "a.pdf"))
    for heading, words in (("Heat", "It destroys small tumors."), ("Cold", "Freezing destroys them too.")):
        canvas.setFont("Times-Bold", 16)
        canvas.drawString(72, 720, heading)
        canvas.setFont("Times-Roman", 10)
        canvas.drawString(72, 690, words)
        canvas.showPage()
    canvas.save()
    sha256 = hashlib.sha256((tmp_path / "a.pdf").read_bytes()).hexdigest()
    manifest = f'[[documents]]\nid = "a"\nfile = "a.pdf"\ntitle = "A"\nsha256 = "{sha256}"\n'
    (tmp_path / "corpus.toml").write_text(manifest)
    index = tmp_path / "index"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("ingest.build.load_encoder", lambda name: encoder)
        patch.setattr("service.live_index.load_encoder", lambda name: encoder)
        build(tmp_path, index, "all-MiniLM-L6-v2", lambda step, done, total: None)
        live_index = LiveIndex(index, "all-MiniLM-L6-v2")
        live_index.open()
    with running(create_app(Settings(index=index), live_index)) as client:
        text = client.get("/v1/documents/a/text").text
        found = client.post("/v1/search", json={"question": "What destroys tumors by freezing?"}).json()
    passages = [p for p in found["passages"] if p["kind"] == "paragraph"]
    assert {p["text"]: p["page"] for p in passages} == {
        "It destroys small tumors.": 1,
        "Freezing destroys them too.": 2,
    }
    assert all(text[p["start"] : p["end"]] == p["cited_text"] == p["text"] for p in passages)
