"""Canonical text and page map go from the file through the index to the passages."""

import hashlib

from ingest.build import build
from ingest.index import open_current
from tests.ingest.formats.conftest import LEFT


def test_the_index_keeps_text_and_pages_and_a_passage_names_the_page_where_it_begins(
    sheet, tmp_path, word_encoder
):
    sheet.lines(LEFT, 700, "Methods", font="Times-Bold", size=14)
    sheet.lines(LEFT, 680, "Ablation with heat was done by one reader in all of the")
    sheet.turn()
    sheet.lines(LEFT, 700, "patients of the trial.")
    sheet.lines(LEFT, 660, "Results", font="Times-Bold", size=14)
    sheet.lines(LEFT, 640, "Nobody died.")
    content = sheet.content()
    (tmp_path / "a.pdf").write_bytes(content)
    sha256 = hashlib.sha256(content).hexdigest()
    manifest = f'[[documents]]\nid = "a"\nfile = "a.pdf"\ntitle = "A"\nsha256 = "{sha256}"\n'
    (tmp_path / "corpus.toml").write_text(manifest)
    build(tmp_path, tmp_path / "index", "words", lambda step, done, total: None)
    generation = open_current(tmp_path / "index")
    document = generation.documents["a"]
    assert document.pages == (0, document.text.index("patients of the trial."))
    prose = [p for p in generation.passages if p.kind == "paragraph"]
    assert [(p.text, p.page) for p in prose] == [
        ("Ablation with heat was done by one reader in all of the patients of the trial.", 1),
        ("Nobody died.", 2),
    ]
    assert [document.text[slice(*span)] for p in prose for span in p.spans] == [p.text for p in prose]


def test_a_passage_of_a_text_has_no_page(passages_of):
    assert {p.page for p in passages_of("# Methods\n\nAblation with heat was done.\n")} == {None}
