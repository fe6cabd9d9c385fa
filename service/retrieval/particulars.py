"""Whether a passage holds the particular that a question asks for: so many of these, a time, a maker.

Closer than `.asked`: not some number, but one beside the thing that is counted, or with the unit asked for.
"""

import re

from ingest.lexical import terms
from ingest.records import Passage
from service.retrieval.asked import asking

_NUMBER = re.compile(
    r"\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE
)
# The numbers of a bibliography entry: year, volume, pages and the like. They count and measure nothing.
_OF_THE_ENTRY = re.compile(
    r"\(?\b(?:19|20)\d\d\)?(?: \w{3}(?: \d+)?)?;?[\d():.,e–-]*"
    r"|\bdoi:?\s*\S*|https?://\S+|\bPM(?:C)?ID:? ?\w+",
    re.IGNORECASE,
)
_COUNTS = re.compile(
    r"\bhow many (?:of )?(?:the |these |those )?([^,.?;]+)|\bnumber of ([^,.?;]+)", re.IGNORECASE
)
# Whoever is counted, it is people.
_PEOPLE = frozenset(
    terms(
        "patients people persons participants subjects individuals cases men women children cohort population"
    )
)
# How far from a number the thing may stand that it counts, in characters and in terms.
_AFTER, _BEFORE, _FEW = 45, 25, 5

_TIME = r"(?:ms|s|seconds?|min(?:utes?)?|hours?|days?|weeks?|months?|years?)\b"
# What is asked for, and what a passage has that gives it.
_PARTICULARS = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(given))
    for asked, given in (
        (r"\b(?:mm|cm|(?:milli|centi)met(?:er|re)s?)\b", r"\d[\s-]?(?:mm|cm|(?:milli|centi)met)"),
        (
            r"\bhow (?:long|old)\b|\bhow much time\b"
            r"|\b(?:how many|in) (?:seconds|minutes|hours|days|weeks|months|years)\b"
            r"|\bmedian (?:survival|follow-?up)\b|\b(?:waiting|procedure|survival) time\b"
            r"|\b(?:mean|median|average) age\b|\blatency\b|\bbattery\b",
            rf"(?i:\d|\b(?:one|two|three|four|five|six|ten))[\s-]?(?i:{_TIME})",
        ),
        (
            r"\bper ?cent\w*|\bin %|\bwhat (?:share|proportion|fraction)\b"
            r"|\b(?:\d+|two|three|five|ten)-year\b.*\bsurviv",
            r"\d\s?%|(?i:\bper ?cent|\bhalf\b|\bthirds?\b|\bquarters?\b|\bmajority\b|\bmost\b)",
        ),
        (r"\bwatt\w*", r"\d\s?W\b|\bwatt"),
        (r"\bm?(?:Sv|Gy)\b|\b(?:milli)?(?:sieverts?|grays?)\b", r"\d\s?m?(?:Sv|Gy)\b"),
        (r"\bhow heavy\b|\bweighs?\b", r"\d\s?(?:kg|g|grams?)\b"),
        (r"\bframe rate\b|\bframes per\b", r"\d\s?(?:fps|Hz|frames)\b"),
        (r"\bfield strength\b|\btesla\b", r"\d\s?T\b|(?i:\btesla\b)"),
        (r"\bconfidence intervals?\b|\b95 ?% CI\b", r"\bCI\b|(?i:confidence interval)"),
        (
            r"\b(?:which|what) (?:country|countries|city|cities|town)\b",
            r"(?i:\bcountr|\bcit(?:y|ies)\b|\btown)|, [A-Z]{2}\b|\b(?:USA?|UK|U\.S\.|China|Japan|Korea|India"
            r"|Canada|France|Germany|Italy|Spain|Netherlands|Switzerland|Austria|Europe\w*|America\w*"
            r"|United (?:States|Kingdom))\b",
        ),
        (
            r"\b(?:which|what|how many) (?:\w+ )?"
            r"(?:hospitals?|universit(?:y|ies)|institut\w+|cent(?:er|re)s?|schools?)\b",
            r"\b(?:Hospital|University|Institute?|Cent(?:er|re)|Clinic|College|School)\b",
        ),
        (
            r"\bvendors?\b|\bmanufactur\w+|\bcompan(?:y|ies)\b|\bmakers?\b|\bmakes (?:it|them)\b"
            r"|\bsells?\b|\bbrands?\b",
            r"(?i:\bvendors?\b|\bmanufactur|\bcompan(?:y|ies)\b)|\b(?:Inc|Ltd|Corp|GmbH|AG|LLC|Global)\b",
        ),
        (
            r"\bfund(?:ed|ing|s)?\b|\bgrants?\b|\bconflicts? of interest\b|\bfinanc\w+|\bsponsor\w*",
            r"(?i:\bfund|\bgrant|\bconflict|\bfinanc|\bsponsor|\bsupported by\b)",
        ),
        (
            r"\bICD\b|\bbilling code|\bCPT\b|\breimburs\w+|\bmedicare\b",
            r"\bICD\b|\bCPT\b|(?i:\breimburs|\bmedicare\b)",
        ),
        (r"\b(?:tele)?phone number\b|\bfax\b", r"(?i:\btel(?:ephone)?\b|\bphone)|\+\d"),
    )
)


def lacks_particular(question: str, passage: Passage) -> bool:
    """Whether `question` asks for some particular that `passage` does not hold.

    Of a question that tells a story first, only the sentences that ask count.
    """
    question = asking(question)
    text = _OF_THE_ENTRY.sub(" ", passage.text) if passage.kind == "reference" else passage.text
    if any(asked.search(question) and not given.search(text) for asked, given in _PARTICULARS):
        return True
    counts = _COUNTS.search(question)
    return counts is not None and not _counts(counts[1] or counts[2], text)


def _counts(things: str, text: str) -> bool:
    """Whether a number stands beside one of the first words that say what is counted."""
    units = set(terms(things)[:2])
    if units & _PEOPLE:
        units |= _PEOPLE
    return any(
        not units
        or units & set(terms(text[match.end() : match.end() + _AFTER])[:_FEW])
        or units & set(terms(text[max(0, match.start() - _BEFORE) : match.start()])[-2:])
        for match in _NUMBER.finditer(text)
    )
