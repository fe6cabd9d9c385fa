"""Whether a text holds the kind of thing that a question asks for: a figure, a count, money, a name."""

import re

_NUMBER = r"(?:\d[\d.,]*|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|half|third|quarter)\b)"
_MONEY = re.compile(r"[$€£]\s?\d|\d[\d,.]*\s?(?:dollars?|euros?|pounds|USD|EUR|GBP)\b", re.IGNORECASE)
_P_VALUE = re.compile(r"\bp\s?[<=>≤]\s?0?\.\d", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PERSON = re.compile(
    r"\b[A-Z][a-zà-ž]+(?:[-'’][A-Z]?[a-zà-ž]+)*(?: et al\b|,? [A-Z]{1,3}\b| [A-Z]\. [A-Z]| [A-Z][a-zà-ž]+)"
    r"|\bDr\.? [A-Z]"
)
_METRICS = {
    "auc": r"AUCs?|area under (?:the )?curve",
    "accurac": r"accura(?:cy|cies|te)",
    "sensitivit": r"sensitivit(?:y|ies)|recall",
    "specificit": r"specificit(?:y|ies)",
    "c-index": r"C-ind(?:ex|exes|ices)|concordance",
    "dice|dsc": r"DSCs?|Dice",
    "npv|negative predictive": r"NPV|negative predictive",
    "ppv|positive predictive": r"PPV|positive predictive",
    "hazard ratio": r"hazard ratio|\bHR\b",
}
_ASKS_METRIC = {re.compile(rf"\b(?:{asked})", re.IGNORECASE): pattern for asked, pattern in _METRICS.items()}
# "What does NPV mean?" asks for words, not for a figure.
_ASKS_MEANING = re.compile(
    r"\bmean(?:s|ing)?\b|\bst(?:and|ands) for\b|\bshort for\b|\bdefin\w+", re.IGNORECASE
)

_ASKS_WHAT_IT_IS = re.compile(
    r"^\W*(?:what(?:['’]s| is| are)|define) (?:meant by |an? |the )?(?P<thing>[\w /-]{2,40}?)\W*$",
    re.IGNORECASE,
)
_SAYS_WHAT = r"(?:is|are|refers? to|means|denotes?|involves?|comprises?|defined)"

# "Who is liable?" is answered by a role, "the operator", as well as by a name.
_IN_GENERAL = (
    r"(?:(?:should|can|could|would|will|must|may|might|needs?|owns?|has|have|pays?|benefits?|decides?)\b"
    r"|(?:is|are) (?:\w+ly )?(?:liable|responsible|accountable|allowed|eligible|to blame|at risk|needed)\b)"
)

_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

# In the order of asking: the first that fits the question decides.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"\b(?:price[ds]?|pricing|fees?|dollars?|euros?|reimburse\w*)\b|[$€£]|\bhow expensive\b"
            r"|\bhow much\b.*\b(?:costs?|pay|charged?)\b"
            r"|\bwhat (?:do|does|did|would|will|is|are)\b.*\bcosts?\b",
            re.I,
        ),
        _MONEY,
    ),
    (re.compile(r"\bp[- ]?values?\b|\bstatistically significant\b", re.I), _P_VALUE),
    (
        re.compile(
            r"\bwhen (?:did|was|were|is|are|will|do|does)\b|\b(?:what|which) (?:year|date|month)\b",
            re.I,
        ),
        _YEAR,
    ),
    (re.compile(rf"^\W*(?:and )?who\b(?! {_IN_GENERAL})|\b(?:first|lead|senior) author\b", re.I), _PERSON),
    (
        re.compile(
            r"\bhow (?:many|much|long|often|big|large|old|high|low)\b|\bnumber of\b|\bpercent\w*"
            r"|\bsample size\b|\bmedian\b|\bconfidence interval\b"
            r"|\bwhat (?:share|proportion|fraction|dose|size|age|rate|range)\b",
            re.I,
        ),
        re.compile(_NUMBER, re.I),
    ),
)


def asking(question: str) -> str:
    """The sentences of a question that ask, or all of it where none does."""
    return " ".join(s for s in _SENTENCE_END.split(question) if s.endswith("?")) or question


def lacks_what_is_asked(question: str, text: str) -> bool:
    """Whether `question` asks for a kind of thing that `text` does not hold.

    Of a question that tells a story first, only the sentences that ask count. A measure has to be named
    beside a number; a count needs some number. False if no such kind is asked for.
    """
    question = asking(question)
    if _ASKS_MEANING.search(question):
        return False
    for asked, named in _ASKS_METRIC.items():
        if asked.search(question):
            beside = rf"(?:{named})[^.;]{{0,60}}?\d|\d[\d.,%-]*[^.;]{{0,25}}?(?:{named})"
            return not re.search(beside, text, re.IGNORECASE)
    kind = next((kind for asked, kind in _KINDS if asked.search(question)), None)
    return kind is not None and not kind.search(text)


def defines_what_is_asked(question: str, text: str) -> bool:
    """Whether `question` asks what something is, and `text` says so: "What is radiomics?"."""
    asked = _ASKS_WHAT_IT_IS.match(question)
    if not asked:
        return False
    thing = re.escape(asked["thing"].strip())
    return bool(
        re.search(
            rf"\bdefin\w+\b[^.]{{0,30}}\b{thing}\b|\b{thing}\b[^.]{{0,40}}?\b{_SAYS_WHAT}\b", text, re.I
        )
    )
