import pytest

from service.routes.page import WEB
from service.web_page import join_modules

PARK = (
    "Park JE, Kim HS, von Ende E, D'Amore B, Martin C 3rd, Li M, Wu F, et al. Radiomics & 50% of AI_models: "
    "possible? Korean J Radiol. 2019 Jul;20(7):1124-1137. doi: 10.3348/kjr.2018.0070. Epub 2019 Jul 1. "
    "PMID: 31270978; PMCID: PMC6609433."
)
SORIN = (
    "Sorin V, Klang E. Large language model (ChatGPT) as a support tool. npj Breast Cancer 9, 44 (2023). "
    "https://doi.org/10.1038/s41523-023-00557-8"
)
IN_DOUBT = {
    "two entries in one": f"{SORIN} Shimizu H, Nakayama KI. AI in oncology. Cancer Sci. 2020;111(5):14-60.",
    "a full stop in title or journal": "Ng C. AI in cancer. npj Digit. Med. 8, 75 (2025).",
    "two sentences before the journal": "Gu J. Are we there? Not yet. Radiology. 2025;1(2):3-4.",
    "a body, not a person": "US Food and Drug Administration. Guidance. Silver Spring. 2025;1:2.",
    "a supplement": "Moreira P. Prediction. Acad Radiol. 2023;30 Suppl 1(Suppl 1):S14-S20.",
    "no volume": "Li H, Fan Y. A model. Abdom Radiol (NY). 2025. doi:10.1007/s00261-025-05285-0",
    "a preprint": "Bassi PR, et al. (2025). Radgpt. arXiv preprint arXiv:2501.04678.",
    "more behind it": "Li H. A model. Radiology. 2025;1(2):3-4. Retracted in 2026.",
}


@pytest.fixture
def call(page):
    """Call an exported function of a module; a blank page has no policy that keeps one from doing so."""

    def _call(module, function, *values):
        joined = join_modules(WEB, f"{module}.js")
        return page.evaluate(
            f"values => {{ {joined}\nreturn module_{module}.{function}(...values); }}", values
        )

    return _call


def test_an_entry_is_an_article_with_what_it_prints(call):
    entry = {
        "number": 13,
        "text": PARK,
        "doi": "10.3348/kjr.2018.0070",
        "url": "https://doi.org/10.3348/kjr.2018.0070",
    }
    assert call("bibtex", "referenceAsBibTeX", {"id": "lim"}, entry) == (
        "@article{lim-13,\n"
        "  author = {Park, J. E. and Kim, H. S. and von Ende, E. and D'Amore, B. and Martin, 3rd, C. and "
        "Li, M. and Wu, F. and others},\n"
        "  title = {{Radiomics \\& 50\\% of AI\\_models: possible?}},\n"
        "  journal = {Korean J Radiol},\n"
        "  year = {2019},\n"
        "  volume = {20},\n"
        "  number = {7},\n"
        "  pages = {1124--1137},\n"
        "  doi = {10.3348/kjr.2018.0070}\n"
        "}\n"
    )
    assert call("vancouver", "referenceAsVancouver", entry) == (
        "Park JE, Kim HS, von Ende E, D'Amore B, Martin C 3rd, Li M, et al. Radiomics & 50% of AI_models: "
        "possible? Korean J Radiol. 2019;20(7):1124-1137. doi:10.3348/kjr.2018.0070\n"
    )


def test_an_entry_with_its_year_in_brackets_is_taken_apart_too(call):
    entry = {"number": 35, "text": SORIN, "doi": "10.1038/s41523-023-00557-8", "url": None}
    assert call("vancouver", "referenceAsVancouver", entry) == (
        "Sorin V, Klang E. Large language model (ChatGPT) as a support tool. npj Breast Cancer. 2023;9:44. "
        "doi:10.1038/s41523-023-00557-8\n"
    )
    assert call("citing", "cited", entry) == "Sorin 2023"


@pytest.mark.parametrize("text", IN_DOUBT.values(), ids=IN_DOUBT.keys())
def test_an_entry_in_doubt_is_given_whole(call, text):
    entry = {"number": 2, "text": text, "doi": None, "url": None}
    assert call("printed", "takenApart", text) is None
    assert (
        call("bibtex", "referenceAsBibTeX", {"id": "own"}, entry)
        == f"@misc{{own-2,\n  note = {{{text}}}\n}}\n"
    )
    assert call("vancouver", "referenceAsVancouver", entry) == f"{text}\n"


def test_a_quotation_shows_where_the_document_has_other_words_in_between(call):
    # offsets count code points: 𝒳 is one, though JavaScript counts two
    joined = {"cited_text": "𝒳 melts. It is cold. All of it.", "spans": [[4, 12], [13, 24], [60, 70]]}
    assert call("citing", "quotation", joined) == "𝒳 melts. It is cold. … All of it."


def test_nothing_is_in_a_part_that_the_entry_does_not_print(call, client):
    entries = [e for id in ("lim", "hmp") for e in client.get(f"/v1/documents/{id}").json()["references"]]
    apart = [(e["text"], parts) for e in entries if (parts := call("printed", "takenApart", e["text"]))]
    assert len(apart) >= 70
    for text, parts in apart:
        names = [" ".join(filter(None, map(a.get, ("last", "initials", "suffix")))) for a in parts["authors"]]
        assert text.startswith(", ".join(names))
        assert f". {parts['title']}" in text
        assert all(str(value) in text for value in list(parts.values())[2:])


def test_what_bibtex_reads_as_its_own_is_escaped(call):
    document = {
        "id": "a b",
        "title": "{x} $5 #1 ~ ^ \\ 50%",
        "authors": ["Simon and Sons, Ltd", "Ada Lovelace"],
        "date": "2017-01-05",
        "publisher": "A & B",
        "doi": None,
        "url": "https://example.org/a_b%20{c}",
    }
    assert call("bibtex", "asBibTeX", document) == (
        "@misc{a-b,\n"
        "  author = {{Simon and Sons, Ltd} and Ada Lovelace},\n"
        "  title = {{\\{x\\} \\$5 \\#1 \\textasciitilde{} \\textasciicircum{} \\textbackslash{} 50\\%}},\n"
        "  publisher = {A \\& B},\n"
        "  year = {2017},\n"
        "  month = {1},\n"
        "  url = {https://example.org/a_b%20%7Bc%7D}\n"
        "}\n"
    )
