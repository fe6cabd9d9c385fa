"""Table rows read as sentences, whole or in brief, and which rows of a table a question asks for together."""

import re
from collections import Counter
from collections.abc import Sequence

from ingest.lexical import terms
from ingest.records import TableRow
from service.retrieval.asked import lacks_what_is_asked

_STUDY_HEADER = re.compile(r"author|study|reference|source|publication", re.IGNORECASE)
_PLAIN_HEADER = re.compile(r"description|details?", re.IGNORECASE)
_STUB_COLUMNS = 2
# A longer cell is no name of anything: it describes.
_LONGEST_NAME = 6
# So many terms of a name say which one is meant.
_HINT = 2
# A cell so short, such as "Retrospective", goes along in brackets without its header.
_SHORT = 3
_FIGURE = re.compile(r"\d")
_SURNAME = re.compile(r"(?:^|,\s*|\band\s+|;\s*)(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*)")
_ASKS_FOR_SEVERAL = re.compile(
    r"\b(?:list|all|both|each|every|two|three|four|five|six|several|times|ones|compare[ds]?|versus|vs)\b"
    # "Which breast imaging models …": a plural soon after, no verb.
    r"|\b(?:which|what|name)\b(?: (?:of|the|are|were|kinds?)\b)* (?:[\w/-]+ ){0,3}?"
    r"(?!does\b|has\b)[\w/-]{2,}[^\Wsui]s\b",
    re.IGNORECASE,
)

Cell = tuple[str, str]


def written_row(row: TableRow) -> str:
    """A row read as a sentence: "Daye et al 2019 (Adrenal, CT): Predict …; performance benchmarks: AUC …".

    The study leads, if a column names it; else the row's most particular label. The other labels follow in
    brackets, and every other cell keeps its header unless that only says "description".
    """
    lead, around, facts = _read(row)
    return _sentence(lead, around, [_with_header(cell) for cell in facts])


def brief_row(row: TableRow) -> str:
    """A row as it is written beside others, when room is short; it loses headers, but no cell.

    "Daye et al 2019 (Adrenal, CT, Retrospective): Predict …; AUC …": the cells of a study explain themselves.
    """
    if not _study(row):
        return written_row(row)
    lead, around, facts = _read(row)
    short = [value for _, value in facts[1:] if _is_short(value)]
    rest = [value for n, (_, value) in enumerate(facts) if n == 0 or not _is_short(value)]
    return _sentence(lead, [*around, *short], rest)


def asked_cells(row: TableRow, question: str) -> str:
    """Of a row that its labels name, the cells that are asked for; of a study, what it did and those.

    All of it where none is asked for.
    """
    lead, around, facts = _read(row)
    asked = [cell for cell in facts if _is_asked(cell, question)]
    if not asked:
        return brief_row(row)
    if not _study(row):
        return _sentence(lead, around, [_with_header(cell) for cell in asked])
    short = [cell for cell in facts[1:] if _is_short(cell[1])]
    kept = [*facts[:1], *(cell for cell in facts[1:] if cell in asked and cell not in short)]
    return _sentence(lead, [*around, *(value for _, value in short)], [value for _, value in kept])


def named_together(rows: Sequence[TableRow], question: str) -> list[int]:
    """Places of the rows that a question for several things names alike: "the three surveillance tools".

    rows: of one table. Those of which the question names the most cells, if it names cells of two or more.
    """
    named = [cell for row in rows for cell in _named(row, question)]
    # Who says "PET/CT" does not mean "CT".
    part = {
        cell for cell in named if any(cell[0] == other[0] and _name(cell) < _name(other) for other in named)
    }
    return _foremost([len(_named(row, question) - part) for row in rows], 1)


def hinted_together(rows: Sequence[TableRow], question: str) -> list[int]:
    """The same by a part of a cell that several rows share, where no cell of these rows is named.

    "FDA approved" is not all of "FDA-approved for clinical use", but more than is said of any other row.
    """
    if not _ASKS_FOR_SEVERAL.search(question) or any(_named(row, question) for row in rows):
        return []
    asked = frozenset(terms(question))
    shared = [
        cell for cell, count in Counter(cell for row in rows for cell in row.cells).items() if count > 1
    ]
    meant = max(shared, key=lambda cell: len(asked & _name(cell)), default=("", ""))
    if len(asked & _name(meant)) < _HINT:
        return []
    return [place for place, row in enumerate(rows) if meant in row.cells]


def _foremost(counts: Sequence[int], least: int) -> list[int]:
    """Places of the highest count, if that is `least` or more and several have it."""
    most = max(counts, default=0)
    best = [place for place, count in enumerate(counts) if count == most]
    return best if most >= least and len(best) > 1 else []


def _read(row: TableRow) -> tuple[str, list[str], list[Cell]]:
    """What leads a row, the labels beside it, and the cells that say something."""
    study = _study(row)
    rest = [cell for cell in row.cells if cell is not study]
    labels, facts = rest[:_STUB_COLUMNS], rest[_STUB_COLUMNS:]
    if len(rest) <= _STUB_COLUMNS:
        labels, facts = rest[:1], rest[1:]
    lead = study[1] if study else labels[-1][1]
    return lead, [value for _, value in (labels if study else labels[:-1])], facts


def _study(row: TableRow) -> Cell | None:
    return next((cell for cell in row.cells if _STUDY_HEADER.search(cell[0])), None)


def _sentence(lead: str, around: Sequence[str], facts: Sequence[str]) -> str:
    said = "; ".join(facts)
    return f"{lead} ({', '.join(around)}): {said}" if around else f"{lead}: {said}"


def _with_header(cell: Cell) -> str:
    header, value = cell
    return value if not header or _PLAIN_HEADER.search(header) else f"{_lowered(header)}: {value}"


def _lowered(header: str) -> str:
    return " ".join(word.lower() if word.istitle() else word for word in header.split())


def _is_short(value: str) -> bool:
    return len(value.split()) <= _SHORT and not _FIGURE.search(value)


def _is_asked(cell: Cell, question: str) -> bool:
    # A question that an empty text does not lack anything for asks for no kind of thing.
    if lacks_what_is_asked(question, "") and not lacks_what_is_asked(question, cell[1]):
        return True
    return bool(set(terms(question)) & set(terms(f"{cell[0]} {cell[1]}")))


def _named(row: TableRow, question: str) -> frozenset[Cell]:
    """The cells that are names and of which a question for several things says all.

    Of a study, one of its authors is enough.
    """
    if not _ASKS_FOR_SEVERAL.search(question):
        return frozenset()
    asked = frozenset(terms(question))
    study = _study(row)
    authors = [match["name"] for match in _SURNAME.finditer(study[1])] if study else []
    found = {cell for cell in row.cells if _name(cell) and _name(cell) <= asked}
    return frozenset(
        {*found, study} if study and any(_speaks_of(question, one) for one in authors) else found
    )


def _name(cell: Cell) -> frozenset[str]:
    """The terms of a cell that may be a name; none of one that describes or gives figures."""
    said = frozenset(terms(cell[1]))
    return said if len(said) <= _LONGEST_NAME and not _FIGURE.search(cell[1]) else frozenset()


def _speaks_of(question: str, surname: str) -> bool:
    # "He" is a surname, too.
    after = r" et al" if len(surname) <= _SHORT - 1 else r""
    return bool(re.search(rf"\b{re.escape(surname)}\b{after}", question))
