"""What kind of thing a question asks for, and how far that counts for or against a kind of passage."""

import re
from collections.abc import Mapping

from ingest.records import PassageKind

# A passage of one of these kinds is an answer only to a question that asks for such a thing: a bibliography
# entry repeats the words of many a question in its title, but says nothing of what the study found.
_ASKED_FOR: Mapping[PassageKind, re.Pattern[str]] = {
    "reference": re.compile(
        r"\b(?:doi|pmid|pubmed|journals?|(?:co-?)?authors?|wrote|written|papers?|publi(?:cations?|sh(?:ed|er|es)?)"
        r"|cit(?:e[sd]?|ing|ations?)|references?|bibliograph\w*|articles?|stud(?:y|ies)|preprint|arxiv"
        r"|meta-?analys[ei]s|systematic reviews?|source|link|volume|issue)\b",
        re.IGNORECASE,
    ),
    "table": re.compile(r"\btables?\b|\boverview\b|\ball (?:of )?the (?:rows|entries)\b", re.IGNORECASE),
    "abbreviations": re.compile(
        r"\bst(?:and|ands|anding|ood) for\b|\babbreviat\w*|\bacronyms?\b|\bmean(?:s|ing)?\b|\bshort for\b"
        r"|\bspell(?:ed|s)? out\b|\bwhat(?:'s| is| does| are)? (?:an? |the )?[A-Z][\w%/-]*[A-Z%]\w*\W*$",
        re.IGNORECASE,
    ),
    "front_matter": re.compile(
        r"\bauthors?\b|\bwr(?:ote|itten|iter)\b|\bwho\b|\bpublish\w*|\baffiliat\w*|\bcorrespond\w*|\be-?mail\b"
        r"|\bkeywords?\b|\bcopyright\b|\brights\b|\blicen[cs]e|\bdoi\b|\bhospitals?\b|\bdate\b|\bwhen\b|\byear\b"
        r"|\bedited\b|\beditor\b|\bwebsite\b|\bwork(?:s|ing)? (?:at|for)\b",
        re.IGNORECASE,
    ),
}
# On the scale of standardised scores: a passage not asked for has to be better than its rivals by this much.
_PENALTY: Mapping[PassageKind, float] = {
    "reference": 1.0,
    "table": 1.0,
    "abbreviations": 1.5,
    "front_matter": 1.5,
}


# Where a question names a document of the corpus, "the article" or "Lim's review" is that document.
_WORKS = re.compile(r"\b(?:papers?|articles?|stud(?:y|ies)|reviews?|sources?)\b", re.IGNORECASE)


def priors(question: str, *, names_documents: bool = False) -> dict[PassageKind, float]:
    """What is added to the fused score of a passage, by its kind; a kind left out gets nothing.

    names_documents: whether the question names documents of the corpus (`service.retrieval.sources`).
    """
    asking = _WORKS.sub(" ", question) if names_documents else question
    return {kind: -_PENALTY[kind] for kind, asked in _ASKED_FOR.items() if not asked.search(asking)}
