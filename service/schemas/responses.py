"""What the service answers: the JSON of its responses, field by field."""

from typing import Literal

from pydantic import BaseModel, Field

from ingest.records import PassageKind, Span

COUNTS = {"paragraph": 131, "table_row": 48, "reference": 94}


class DocumentRef(BaseModel):
    """The document that a passage stands in."""

    id: str = Field(description="Id of the document.", examples=["hmp"])
    title: str = Field(
        description="Title as printed.",
        examples=["Artificial Intelligence Advances in Interventional Oncology: Year in Review"],
    )
    authors: list[str] = Field(
        description="Authors in the order printed; empty if none are.", examples=[["Rasit Dinc"]]
    )
    date: str | None = Field(
        description="Date of publication, YYYY, YYYY-MM or YYYY-MM-DD; null if not stated.",
        examples=["2017-01-05"],
    )
    url: str | None = Field(
        description="Where the document is published; null if not stated.",
        examples=["https://doi.org/10.5281/zenodo.1799909"],
    )
    doi: str | None = Field(
        description="DOI of the document; null if not stated.", examples=["10.5281/zenodo.1799909"]
    )


class Reference(BaseModel):
    """An entry of a document's bibliography."""

    number: int = Field(description="Its number in the bibliography.", examples=[14])
    text: str = Field(
        description="The entry, whitespace folded.",
        examples=["Park S, et al. Deep learning for liver tumor segmentation. Radiology (2024)."],
    )
    doi: str | None = Field(description="DOI, if one is printed.", examples=["10.1148/radiol.232369"])
    url: str | None = Field(
        description="The printed address, else that of the DOI; null if there is neither.",
        examples=["https://doi.org/10.1148/radiol.232369"],
    )
    pmid: str | None = Field(description="PubMed number, if one is printed.", examples=["38319169"])


class Table(BaseModel):
    """The table that a passage is of, and its row."""

    caption: str = Field(description="Caption of the table.", examples=["AI tools for planning an ablation"])
    label: str | None = Field(description="Label as printed; null for a whole table.", examples=["Table 3"])
    row_number: int | None = Field(
        description="Number of the row, 1 for the first under the headers; null for a whole table.",
        examples=[2],
    )
    row: dict[str, str] | None = Field(
        description="Value under each header, from left to right; null for a whole table.",
        examples=[{"Study": "Park 2024", "Modality": "CT"}],
    )


class Passage(BaseModel):
    """A passage of a document: what a person reads, and the verbatim spans that it stands for."""

    id: str = Field(
        description="Id of the passage; it stays while the words and their place do.",
        examples=["hmp-3f9c2a17"],
    )
    kind: PassageKind = Field(description="What the passage is in its document.", examples=["paragraph"])
    text: str = Field(
        description="Readable text: whitespace folded, markers left out, cells as “Header: value”.",
        examples=["The COVER-ALL trial compared software-based margin assessment with visual assessment."],
    )
    cited_text: str = Field(
        description="Verbatim text: that of each span in the document's text, joined by one blank.",
        examples=["The COVER-ALL trial compared software-based margin assessment with visual assessment.¹"],
    )
    spans: list[Span] = Field(
        description="Code-point offsets [start, end) into the document's text, in order.",
        examples=[[[1630, 1712]]],
    )
    start: int = Field(description="Start of the first span.", examples=[1630])
    end: int = Field(description="End of the last span.", examples=[1712])
    section: list[str] = Field(
        description="Headings above the passage, from the outermost in.", examples=[["Main Findings"]]
    )
    table: Table | None = Field(description="The table, if the passage is of one; else null.")
    page: int | None = Field(
        description="Page of the source, from 1; null where the source has no pages.", examples=[3]
    )
    document: DocumentRef = Field(description="The document that the passage stands in.")
    references: list[Reference] = Field(
        description="Bibliography entries that the passage's markers name, in order of mention."
    )
    unresolved_markers: list[int] = Field(
        description="Numbers of its markers that no entry of the document's bibliography has.", examples=[[2]]
    )


class PassageInPlace(Passage):
    """A passage with its neighbours."""

    before: Passage | None = Field(description="The passage before it; null for the document's first.")
    after: Passage | None = Field(description="The passage after it; null for the document's last.")


class Scores(BaseModel):
    """The parts of a passage's score; higher is better, null where that part was not computed."""

    dense: float | None = Field(
        description="Cosine of question and passage vectors, -1 to 1.", examples=[0.71]
    )
    lexical: float | None = Field(description="BM25 score, 0 or more.", examples=[11.4])
    late: float | None = Field(
        description="Late interaction: mean over the question's tokens of the best cosine, -1 to 1.",
        examples=[0.64],
    )


class FoundPassage(Passage):
    """A passage that a search found."""

    rank: int = Field(description="1 for the best.", examples=[1])
    score: float = Field(
        description="What the ranking goes by; to be compared within one response only.", examples=[1.83]
    )
    scores: Scores = Field(description="The parts of the score.")
    highlights: list[Span] = Field(
        description="Offsets into the document's text of the sentences nearest to the question.",
        examples=[[[1630, 1712]]],
    )
    text_highlights: list[Span] = Field(
        description="The same sentences as offsets into `text`.", examples=[[[0, 82]]]
    )


class IndexInfo(BaseModel):
    """The index that an answer comes from."""

    generation: str = Field(description="Name of the generation.", examples=["20261121T050000Z-1a2b3c4d"])
    fingerprint: str = Field(
        description="sha256 over the corpus that was indexed.", examples=["9f2c1d…64 hexadecimal digits"]
    )
    encoder: str = Field(description="Name of the embedding model.", examples=["all-MiniLM-L6-v2"])


class SearchResponse(BaseModel):
    """The passages nearest to a question, best first."""

    question: str = Field(
        description="The question, blanks at its ends removed.",
        examples=["And how many patients were in it?"],
    )
    standalone_question: str = Field(
        description="The question that was searched for: with a history, completed by what it refers to.",
        examples=["How many patients were in the COVER-ALL trial?"],
    )
    answerable: bool = Field(
        description="Whether the passages are likely to hold an answer.", examples=[True]
    )
    confidence: float = Field(description="How sure of that, 0 to 1.", examples=[0.93])
    passages: list[FoundPassage] = Field(description="What was found, best first.")
    timings_ms: dict[str, float] = Field(
        description="Milliseconds spent in each step; 0 for a search that was made before.",
        examples=[{"read": 0.4, "encode": 3.1, "rank": 1.2}],
    )
    index: IndexInfo = Field(description="The index that was searched.")


class DocumentSummary(DocumentRef):
    """A document of the index."""

    file: str = Field(
        description="Its file in the corpus.", examples=["dinc-ai-in-interventional-radiology.txt"]
    )
    sha256: str = Field(
        description="sha256 of the file's bytes.", examples=["b68bf0ce…64 hexadecimal digits"]
    )
    publisher: str | None = Field(description="Publisher, if stated.", examples=["HMP Global"])
    rights: str | None = Field(description="Rights, if stated.", examples=["© 2017 Rasit Dinc"])
    characters: int = Field(description="Length of the text in code points.", examples=[6518])
    passages: dict[PassageKind, int] = Field(
        description="Number of passages of each kind.", examples=[COUNTS]
    )


class DocumentList(BaseModel):
    """All documents of the index."""

    documents: list[DocumentSummary] = Field(description="The documents, in the order of the corpus.")


class Heading(BaseModel):
    """A heading of a document."""

    level: int | None = Field(description="1 for the outermost; null if not known.", examples=[2])
    text: str = Field(description="Readable text.", examples=["Main Findings"])
    start: int = Field(description="Offset of its start in the document's text.", examples=[1204])
    end: int = Field(description="Offset of its end.", examples=[1217])


class BibliographyEntry(Reference):
    """An entry of the bibliography with where it stands and what is odd about it."""

    spans: list[Span] = Field(description="Where it stands in the text.", examples=[[[70210, 70388]]])
    oddities: list[str] = Field(
        description="What is strange about it, in words.", examples=[["never cited in the text"]]
    )


class Abbreviation(BaseModel):
    """A short form and what it means in this document."""

    short: str = Field(description="Short form.", examples=["MAM"])
    long: str = Field(description="Long form.", examples=["minimal ablative margin"])
    source: Literal["prose", "table", "corpus"] = Field(
        description="Where the meaning is given: in prose, in a table's list, or in another document.",
        examples=["prose"],
    )
    spans: list[Span] = Field(
        description="Where it is given in this document's text.", examples=[[[1499, 1528]]]
    )


class DocumentDetail(DocumentSummary):
    """A document with what was read from it."""

    outline: list[Heading] = Field(description="Its headings, in order.")
    references: list[BibliographyEntry] = Field(description="Its bibliography, in order.")
    abbreviations: list[Abbreviation] = Field(description="Its abbreviations.")
    oddities: list[str] = Field(
        description="What is strange about the document, in words.",
        examples=[["cites a bibliography that it does not print"]],
    )


class Health(BaseModel):
    """The process is alive."""

    status: Literal["ok"] = Field(default="ok", description="Always “ok”.", examples=["ok"])


class Readiness(IndexInfo):
    """The service can answer, and from what."""

    status: Literal["ready"] = Field(default="ready", description="Always “ready”.", examples=["ready"])
    documents: int = Field(description="Number of documents.", examples=[3])
    passages: dict[PassageKind, int] = Field(
        description="Number of passages of each kind.", examples=[COUNTS]
    )
