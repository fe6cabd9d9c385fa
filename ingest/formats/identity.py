"""What a file's own words say of it: title, DOI and date on its first page."""

import re
from dataclasses import replace

from ingest.formats.extracted import Extracted
from ingest.structure import read_blocks

# Title, authors, dates and abstract of an article stand within its first page or so.
_OPENING = 5000
_DOI = re.compile(r"(?:doi\b|doi\.org)\W{0,12}(10\.\d{4,9}/[^\s<>\"\])]+)", re.IGNORECASE)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(?P<month>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*)\.?"
# At the beginning of a line: "published in the May 2025 issue of" is said of another article.
_DATE = re.compile(
    r"^\W*(?:first )?(?:published|publication date)(?: online| on| in)*\W{1,6}"
    rf"(?:(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)|(?:(?P<day>\d{{1,2}})\s+)?{_MONTH}"
    r"(?:\s+(?P<day2>\d{1,2}),?)?\s*,?\s+(?P<year>\d{4}))\b",
    re.IGNORECASE | re.MULTILINE,
)


# What programs write where no author is known.
_NOBODY = frozenset("anonymous author administrator admin unknown user owner root python-docx".split())


def with_identity(found: Extracted) -> Extracted:
    """Fill in what the file's metadata does not say and its first words do."""
    opening = found.text[:_OPENING]
    title = found.title or next((b.text for b in read_blocks(opening) if b.kind == "title"), None)
    return replace(
        found, title=title, doi=found.doi or stated_doi(opening), date=found.date or stated_date(opening)
    )


def stated_doi(text: str) -> str | None:
    """The first DOI that is called one."""
    match = _DOI.search(text)
    return match[1].rstrip(".,;:") if match else None


def stated_date(text: str) -> str | None:
    """The date of publication, as "YYYY-MM-DD" or "YYYY-MM", where the text says "published"."""
    match = _DATE.search(text)
    if not match:
        return None
    if match["iso"]:
        return match["iso"]
    month = _MONTHS.index(match["month"][:3].lower()) + 1
    day = match["day"] or match["day2"]
    return f"{match['year']}-{month:02}" + (f"-{int(day):02}" if day else "")


def _listed(stated: str) -> list[str]:
    """What commas part, if these are whole names: of two words and more, the last no initial."""
    parts = [part.split() for part in stated.split(",") if part.strip()]
    whole = all(len(words) > 1 and len(words[-1].rstrip(".")) > 1 for words in parts)
    return stated.split(",") if whole or len(parts) > 2 else [stated]


def names(stated: str | None) -> tuple[str, ...]:
    """Authors in one field: "A; B", "Ada A, Bo B and C"; a "Lim, David" stays whole."""
    if not stated:
        return ()
    parts = re.split(r"\s*;\s*|\s+and\s+|\s*&\s*", stated)
    stripped = [part.strip(" ,") for whole in parts for part in _listed(whole)]
    return tuple(part for part in stripped if part and part.lower() not in _NOBODY)
