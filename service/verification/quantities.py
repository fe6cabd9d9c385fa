"""Numbers as a reader sees them: values, percents, ranges, years, words, units, "about" and "more than"."""

import re
from dataclasses import dataclass
from typing import Literal

Bound = Literal["exact", "about", "nearly", "over", "at_least", "under", "up_to"]
Kind = Literal["number", "percent", "points", "year", "dimension", "share", "factor"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number or range in a text.

    low, high: the same for a single number; percents as printed, 80.35 for "80.35%".
    unit: "mm", "min" or "" (lengths and times are converted to these).
    digits: significant digits as printed; of a number in words, 1.
    word: whether it is written in words, as in "two studies".
    """

    text: str
    start: int
    end: int
    low: float
    high: float
    kind: Kind
    bound: Bound = "exact"
    unit: str = ""
    digits: int = 1
    word: bool = False

    @property
    def is_range(self) -> bool:
        """Whether it has two ends."""
        return self.low != self.high


_SMALL = {
    word: number
    for number, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
        "sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * number
    for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_PARTS = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5, "sixth": 6, "tenth": 10}
_TIMES = {"hundred": 100.0, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_FACTORS = {"doubled": 2, "doubling": 2, "tripled": 3, "tripling": 3, "twofold": 2}
_FACTORS |= {"threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10}
# To minutes and to millimetres.
_UNITS = {
    **dict.fromkeys(("second", "sec"), ("min", 1 / 60)),
    **dict.fromkeys(("minute", "min"), ("min", 1.0)),
    **dict.fromkeys(("hour", "hr"), ("min", 60.0)),
    "day": ("min", 1440.0),
    "week": ("min", 10_080.0),
    "month": ("min", 43_830.0),
    "year": ("min", 525_960.0),
    "mm": ("mm", 1.0),
    "millimeter": ("mm", 1.0),
    "millimetre": ("mm", 1.0),
    "cm": ("mm", 10.0),
    "centimeter": ("mm", 10.0),
    "centimetre": ("mm", 10.0),
}
_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+"
_WORDS = "|".join(
    [rf"(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(list(_SMALL)[1:10])}))?", "|".join(list(_SMALL)[2:])]
)
_PERCENT = r"\s?(?:%|per\s?cent\b|percent\b)"
_POINTS = r"(?:\s?(?:%|per\s?cent|percent(?:age)?)[\s-]points?\b)"
_NUMBER = re.compile(
    rf"(?<![\w./])(?<![A-Za-z]-)(?<!\d,)(?!24/7)(?P<first>{_DIGITS})(?P<pct1>\s?%)?(?:(?:st|nd|rd|th)(?=\scentur))?"
    rf"(?:\s?(?:-|–|—|±|to|and)\s?(?P<second>{_DIGITS}))?"
    rf"(?:\s(?P<times>hundred|thousand|million|billion))?"
    rf"(?:(?P<points>{_POINTS})|(?P<percent>{_PERCENT})|(?P<dimension>[\s-]?(?:D\b|dimension(?:al|s)?\b))"
    rf"|(?P<fold>[\s-]?fold\b)|(?:[\s-]years?[\s-](?:old|of age)\b)"
    rf"|[\s-]?(?P<unit>{'|'.join(_UNITS)})s?\b)?(?!\w)"
)
# "A third of them", "by a third"; not "a third party", "the third reader".
_FRACTIONS = (
    r"(?:thirds|quarters|fourths|fifths|sixths|tenths)"
    r"|(?:third|quarter|fourth|fifth|sixth|tenth)(?=$|[^\w\s-]|\s(?:of|less|more|fewer|as|and|in|or|to|for|with|by)\b)"
)
_IN_WORDS = re.compile(
    rf"\b(?:(?P<count>{_WORDS}|one|an?)[\s-](?=\w)(?P<part>half|halves|{_FRACTIONS})|(?P<half>half|halved|halving)(?P<of_percent>\sa\sper\s?cent)?)\b"
    rf"|\b(?P<of>{_WORDS}|one)\s(?:times\s)?(?:in|out\sof)\s(?P<every>(?:every\s)?(?:{_WORDS}))\b"
    rf"|\b(?P<number>{_WORDS}|one|a)[\s-](?P<times>hundred|thousand|million|billion|dozen)s?\b"
    rf"|\b(?P<dim>{_WORDS})[\s-]dimension(?:al|s)?\b"
    rf"|\b(?P<factor>twice(?=\s(?:as|the|that)\b)|{'|'.join(_FACTORS)})\b"
    rf"|\b(?P<plain>{_WORDS})\b(?:(?P<percent>{_PERCENT})|[\s-](?P<unit>{'|'.join(_UNITS)})s?\b)?",
    re.IGNORECASE,
)
_BEFORE: tuple[tuple[Bound, re.Pattern[str]], ...] = (
    (
        "nearly",
        re.compile(
            r"(?:nearly|almost|just (?:under|below)|close to|not quite|short of)\s(?:an?\s)?$", re.IGNORECASE
        ),
    ),
    (
        "about",
        re.compile(
            r"(?:about|around|approximately|approx\.?|roughly|some|circa|ca\.|or so|in the region of)"
            r"\s(?:an?\s)?$"
            r"|[~≈]\s?$",
            re.IGNORECASE,
        ),
    ),
    (
        "at_least",
        re.compile(r"(?:at least|no fewer than|no less than|a minimum of)\s(?:an?\s)?$|≥\s?$", re.I),
    ),
    (
        "up_to",
        re.compile(r"(?:up to|as (?:much|many|high) as|at most|no more than|a maximum of)\s$|≤\s?$", re.I),
    ),
    (
        "over",
        re.compile(
            r"(?:over|above|exceed(?:s|ed|ing)?|upwards? of"
            r"|(?:more|\b(?!(?:few|low|small|short|young|earli|oth|rath)er)\w+er) than)\s(?:an?\s)?$"
            r"|>\s?$",
            re.IGNORECASE,
        ),
    ),
    (
        "under",
        re.compile(
            r"(?:under|below|(?:less|fewer|lower|smaller|shorter|younger|earlier) than)\s(?:an?\s)?$|<\s?$",
            re.IGNORECASE,
        ),
    ),
)
_OR_MORE = re.compile(r"\s?(?:or|and)\s(?:more|above|higher|over)\b|\s?\+", re.IGNORECASE)
# "The first two weeks" has a number; "one of", "two-thirds" read as a share, and so do names like "phase 2".
_NOT_A_NUMBER = re.compile(r"(?:Y-?|GPT-?|Fig(?:ure|\.)?\s|Table\s|Ref\.?\s|doi\S*)$", re.IGNORECASE)


def quantities(text: str) -> tuple[Quantity, ...]:
    """The numbers of `text`, in order; "one" by itself, ordinals and digits inside names are left out."""
    found = [q for match in _NUMBER.finditer(text) for q in _in_digits(text, match)]
    taken = [(q.start, q.end) for q in found]
    found += [
        _in_words(text, match)
        for match in _IN_WORDS.finditer(text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
    ]
    return tuple(sorted({q.start: q for q in found}.values(), key=lambda quantity: quantity.start))


def is_count(quantity: Quantity) -> bool:
    """Whether it counts things: whole, more than one, without unit."""
    return quantity.kind == "number" and not quantity.unit and quantity.low == int(quantity.low) > 1


def _in_digits(text: str, match: re.Match[str]) -> list[Quantity]:
    if _NOT_A_NUMBER.search(text[: match.start()]):
        return []
    first, second = match["first"], match["second"]
    separator = text[
        match.end("pct1") if match["pct1"] else match.end("first") : match.start("second")
    ].strip()
    joined = second is not None and (
        separator != "and" or re.search(r"\bbetween\s$", text[: match.start()]) is not None
    )
    if second is not None and not joined:
        again = _NUMBER.match(
            text[: match.end("pct1") if match["pct1"] else match.end("first")], match.start()
        )
        rest = _NUMBER.match(text, match.start("second"))
        return [q for part in (again, rest) if part for q in _in_digits(text, part)]
    kind: Kind = "number"
    if match["points"]:
        kind = "points"
    elif match["percent"] or match["pct1"]:
        kind = "percent"
    elif match["dimension"]:
        kind = "dimension"
    elif match["fold"]:
        kind = "factor"
    times = _TIMES[match["times"]] if match["times"] else 1.0
    unit, scale = _UNITS[match["unit"]] if match["unit"] else ("", 1.0)
    low = _value(first) * times * scale
    high = _value(second) * times * scale if second else low
    if second and kind == "number" and high < low and separator in "-–—" and len(second) < len(first):
        high = _value(first[: len(first) - len(second)] + second)  # 2019-25
    if kind == "number" and not unit and times == 1 and _is_year(first) and 1900 <= high < 2100:
        kind = "year"
    if high < low or separator == "±":  # "fell from 0.99 to 0.90" and "1.4 ± 0.6" have two
        ends = (match.start("first"), match.end("first"), low), (match.start("second"), match.end(), high)
        return [
            Quantity(
                text[start:end].strip(), start, end, v, v, kind, "exact", unit, _significant(text[start:end])
            )
            for start, end, v in ends
        ]
    digits = max(_significant(first), _significant(second or ""))
    bound = _bound(text, match.start(), match.end(), unit)
    return [Quantity(match[0].strip(), match.start(), match.end(), low, high, kind, bound, unit, digits)]


def _in_words(text: str, match: re.Match[str]) -> Quantity:
    kind: Kind = "number"
    unit, scale = "", 1.0
    if part := match["part"] or (match["half"] and "half"):
        kind = "share"
        count = match["count"]
        if match["of_percent"]:
            kind = "percent"
        value = (1 if not count or count.lower() in ("a", "an") else _word(count)) / _part(part)
    elif match["of"]:
        kind = "share"
        value = _word(match["of"]) / _word(match["every"].split()[-1])
    elif match["times"]:
        value = (1 if match["number"].lower() == "a" else _word(match["number"])) * _TIMES[
            match["times"].lower()
        ]
    elif match["dim"]:
        kind, value = "dimension", _word(match["dim"])
    elif match["factor"]:
        kind, value = "factor", float(_FACTORS.get(match["factor"].lower(), 2))
    else:
        value = _word(match["plain"])
        kind = "percent" if match["percent"] else "number"
        if match["unit"]:
            unit, scale = _UNITS[match["unit"].lower()]
    value *= scale
    bound = _bound(text, match.start(), match.end(), unit)
    return Quantity(match[0], match.start(), match.end(), value, value, kind, bound, unit, 1, word=True)


def _bound(text: str, start: int, end: int, unit: str) -> Bound:
    if _OR_MORE.match(text, end):
        return "at_least"
    before = text[max(0, start - 24) : start]
    if unit == "min" and re.search(r"\bover\s$", before, re.IGNORECASE):
        return "at_least"  # "over ten years" is "for ten years", or for more
    return next((bound for bound, pattern in _BEFORE if pattern.search(before)), "exact")


def _value(digits: str) -> float:
    return float(digits.replace(",", ""))


def _word(words: str) -> float:
    parts = words.lower().split("-")
    return float(sum(_SMALL.get(part, _TENS.get(part, 0)) for part in parts))


def _part(word: str) -> int:
    return _PARTS.get(word.lower(), 0) or _PARTS[word.lower().removesuffix("s")]


def _is_year(digits: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", digits) is not None


def _significant(digits: str) -> int:
    bare = digits.replace(",", "")
    if "." in bare:
        return len(bare.replace(".", "").lstrip("0"))
    return len(bare.rstrip("0").lstrip("0"))
