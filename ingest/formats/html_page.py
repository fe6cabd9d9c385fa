"""Which part of a page is the article, and what the page's metadata say of it."""

import re
from typing import TypedDict

from lxml.etree import _Element as Element

from ingest.formats.identity import stated_date

_LEFT_OUT = (
    "script", "style", "noscript", "template", "nav", "aside", "form", "button", "select", "iframe",
    "svg", "canvas", "object", "video", "audio", "dialog", "input", "textarea", "title",
)  # fmt: skip
_ROLES = frozenset(
    "navigation banner contentinfo search complementary menu menubar alert dialog doc-toc".split()
)
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:breadcrumbs?|cookies?|share|sharing|social|navbar|navheader|navfooter|sidebar|sphinxsidebar|headerlink|footer|menu"
    r"|related|skip-?link|advert\w*|newsletter|pagination|toc|toctree-wrapper|mw-editsection|noprint)(?=$|[\s_-])",
    re.IGNORECASE,
)
_ARTICLES = "//article | //main | //*[@role='main'] | //*[@itemprop='articleBody']"
# Less of the page's text than this is a teaser or a comment, not the article.
_LEAST_SHARE = 0.4
_DATE = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_DOI = re.compile(r"10\.\d{4,9}/\S+")


class Metadata(TypedDict):
    """The fields of `Extracted` that a page's head can state."""

    title: str | None
    authors: tuple[str, ...]
    doi: str | None
    date: str | None


def article_of(root: Element) -> Element:
    """The element that holds the article, cleared of navigation, forms, scripts and what is hidden."""
    for element in [e for e in root.iter() if _is_furniture(e)]:
        if element.getparent() is not None:
            element.drop_tree()
    body = root.find("body")
    body = root if body is None else body
    whole = len(body.text_content())
    candidates = [(len(e.text_content()), e) for e in root.xpath(_ARTICLES)]
    candidates = [(size, e) for size, e in candidates if size >= _LEAST_SHARE * whole]
    # The smallest of those that hold most of the text: an article inside a main inside a body.
    return min(candidates, key=lambda found: found[0])[1] if candidates else body


def _is_furniture(element: Element) -> bool:
    if not isinstance(element.tag, str):
        return True
    if element.tag in _LEFT_OUT or element.get("role") in _ROLES:
        return True
    if element.tag in ("body", "html", "article", "main"):
        return False
    hidden = element.get("hidden") is not None or element.get("aria-hidden") == "true"
    if hidden or "display:none" in element.get("style", "").replace(" ", ""):
        return element.tag != "math"
    if element.tag in ("header", "footer"):
        return not any(parent.tag in ("article", "section", "main") for parent in element.iterancestors())
    return bool(_FURNITURE.search(f"{element.get('class', '')} {element.get('id', '')}"))


def metadata(root: Element) -> Metadata:
    """What `citation_…`, Dublin Core and Open Graph tags say; the page's own title is the last resort."""
    stated: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = (tag.get("name") or tag.get("property") or "").lower()
        if content := " ".join((tag.get("content") or "").split()):
            stated.setdefault(name, []).append(content)

    def first(*names: str) -> str | None:
        return next((stated[name][0] for name in names if name in stated), None)

    doi = _DOI.search(first("citation_doi", "dc.identifier", "prism.doi") or "")
    headings = [" ".join(h.text_content().split()) for h in root.iter("h1")]
    named = root.find(".//head/title")
    page_title = " ".join(named.text_content().split()) if named is not None else ""
    return Metadata(
        title=first("citation_title", "dc.title")
        or (headings[0].rstrip("¶") if headings else None)
        or first("og:title")
        or page_title
        or None,
        authors=tuple(
            stated.get("citation_author") or stated.get("dc.creator") or stated.get("author") or ()
        ),
        doi=doi[0] if doi else None,
        date=_date(
            first("citation_publication_date", "citation_date", "dc.date", "article:published_time") or ""
        ),
    )


def _date(stated: str) -> str | None:
    match = _DATE.match(stated)
    if not match:
        return stated_date(f"published {stated}")
    return "-".join([match[1], *(f"{int(part):02}" for part in match.groups()[1:] if part)])
