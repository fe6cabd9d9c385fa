"""Sources as a person reads them: where the words stand, what they cite, where words were left out."""

from service.schemas.answers import Citation
from service.schemas.responses import DocumentRef, Reference
from service.source_list import quotation, source_list

DOCUMENT = DocumentRef(id="cold", title="On cold needles", authors=[], date=None, url=None, doi="10.1/cold")


def citation(cited_text: str, spans: list[tuple[int, int]], *references: Reference) -> Citation:
    return Citation(
        n=1,
        passage_id="cold-1",
        document=DOCUMENT,
        cited_text=cited_text,
        spans=spans,
        section=["Results"],
        table=None,
        page=4,
        references=list(references),
    )


def entry(number: int, text: str, url: str | None = None) -> Reference:
    return Reference(number=number, text=text, doi=None, url=url, pmid=None)


def test_a_source_says_where_the_words_stand():
    assert source_list([citation("Cold helps.", [(0, 11)])]) == [
        "[1] On cold needles — Results, page 4, https://doi.org/10.1/cold"
    ]


def test_a_source_names_the_studies_that_it_cites_with_their_address():
    study = entry(7, "Frost A. Ice and needles. 2024.", "https://doi.org/10.1/frost")
    [line] = source_list([citation("Cold helps.", [(0, 11)], study)])
    assert line.splitlines()[1:] == [
        "    cites 7: Frost A. Ice and needles. 2024. https://doi.org/10.1/frost"
    ]


def test_of_many_studies_the_first_three_are_named():
    studies = [entry(number, f"Study {number}.") for number in (2, 3, 5, 7, 8)]
    [line] = source_list([citation("Cold helps.", [(0, 11)], *studies)])
    assert [part.strip() for part in line.splitlines()[1:]] == [
        "cites 2: Study 2.",
        "cites 3: Study 3.",
        "cites 5: Study 5.",
        "cites 7, 8 as well",
    ]


def test_an_entry_of_the_bibliography_does_not_cite_itself():
    printed = "Frost A. Ice and needles for patients with\nlesions. Cold. 2024."
    itself = entry(7, "Frost A. Ice and needles for patients with lesions. Cold. 2024.")
    assert len(source_list([citation(printed, [(0, len(printed))], itself)])[0].splitlines()) == 1


def test_a_quotation_shows_where_words_were_left_out():
    assert quotation(citation("Kidney CT AUC 0.93", [(10, 16), (30, 41)])) == "Kidney … CT AUC 0.93"


def test_a_quotation_of_spans_that_only_a_blank_parts_has_no_gap():
    assert quotation(citation("It helps. Always.", [(10, 19), (20, 27)])) == "It helps. Always."
