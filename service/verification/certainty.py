"""How sure a text is, and how far it reaches: a claim may say less than its evidence, never more."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.verification.lexis import Lexis, content_stems
from service.verification.reading import Reading, Word

Kind = Literal["hedge", "condition", "absolute"]

# Each makes what follows, or, for the last ones, the whole sentence, less than a fact.
_HEDGES = re.compile(
    r"\b(?:(?-i:may)|might|could|potential(?:ly)?|possibl[ey]|perhaps|suggest(?:s|ed|ing)?|promis(?:e|es|ing)|"
    r"appear(?:s|ed)?\sto|seem(?:s|ed)?\sto|likely|hypothesi[sz]ed?|feasib(?:le|ility)|preliminary|"
    r"(?:being|been)\s(?:developed|investigated|explored|studied|tested|evaluated)|"
    r"under\s(?:development|investigation|evaluation|study)|in\sdevelopment|stages\sof\sdevelopment)\b",
    re.IGNORECASE,
)
# Enough in a claim to show that it does not speak of plain fact.
_HEDGED_CLAIM = re.compile(
    _HEDGES.pattern
    + r"|\b(?:can|able\sto|would|should|set(?:s)?\sout\sto|hint\w*|believed?|thought|tentative(?:ly)?|"
    r"conceivabl[ey]|proof[-\s]of[-\s]concept|preclinical|not\syet|investigat\w+|explor\w+|aim\w*|inten[dt]\w*|"
    r"designed|meant|expect\w*|anticipat\w*|hope\w*|prospect\w*|propos\w*|some\s?day|one\sday|eventually|"
    r"in\s(?:the\s)?future|if|attempt\w*|try|trying|tried|opportunit\w+|encouraging|early\sresults?|chance)\b",
    re.IGNORECASE,
)
_CONDITIONS = re.compile(
    r"\b(?:once|provided\sthat|so\slong\sas|as\slong\sas|only\sif|unless|until)\b", re.IGNORECASE
)
# Words that say the most that can be said. A claim may use one only if the text uses one of the same line.
_ABSOLUTES = (
    r"always|invariably|inevitabl[ey]|without\sexception|in\severy\scase|every\stime|whenever",
    r"never|under\sno\scircumstances",
    r"all\s(?:patients|cases|cancers|tumou?rs|types|centers|centres|hospitals|operators|situations|settings)|"
    r"universal(?:ly)?|any\skind\sof|whatever|regardless|irrespective|everyone|everywhere",
    r"(?:only|solely|exclusively)\s(?:in|among|with|by|for|when|if|at|on|from)",
    r"eliminat\w+|abolish\w*|eradicat\w+|remov(?:e|es|ed|ing)|(?:does|do|doing|did)\saway|rid\sof|obviat\w+",
    r"guarantee\w*|ensur(?:e|es|ed|ing)|assur(?:e|es|ed|ing)|mak(?:e|es|ing)\ssure",
    r"complete(?:ly)?|fully|total(?:ly)?|entire(?:ly)?|perfect(?:ly)?|flawless(?:ly)?",
    r"prove(?:s|d|n)?|proof|established|establish(?:es)?|conclusive(?:ly)?|definitive(?:ly)?|"
    r"certain(?:ly|ty)|undoubtedly|unquestionabl[ey]|settled",
    r"already|routine(?:ly)?|standard\sof\scare|standard\spractice|everyday|widespread|widely\s(?:used|adopted)|"
    r"clinical\s(?:practice|use)|commonplace|in\sclinics",
    r"will|shall|bound\sto|going\sto|set\sto",
    r"must|compulsory|mandatory|obligatory|has\sto\sbe|have\sto\sbe|required\sby",
    r"cure(?:s|d)?|curative",
    r"caus(?:e|es|ed|ing)|responsible\sfor",
    r"replac(?:e|es|ed|ing)|supersed\w+|supplant\w*|no\slonger\sneed(?:s|ed)?|redundant|obsolete",
    r"unsurpassed|unmatched|unrivalled",
    r"far\s(?:better|superior|more)|dramatic(?:ally)?|vastly|drastic(?:ally)?|massive(?:ly)?|hugely|"
    r"overwhelming(?:ly)?",
    r"approv\w+|cleared\sby|licensed|certified|authori[sz]ed",
    r"reliab\w+|dependab\w+|trustworthy",
    r"unanimous(?:ly)?|consensus",
)
# Not extreme themselves, but enough in the text to allow the extremes that stand in the same line as the key.
_ALLOWS = {"must": re.compile(r"\b(?:need(?:s|ed)?|require\w*|necess\w+)\b", re.IGNORECASE)}
_EXTREMES = tuple(re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for pattern in _ABSOLUTES)
_REPEATED = 0.3  # of what a hedge governs, before leaving it out counts
_SCOPE = 10  # words that carry matter, at most, after a hedge


@dataclass(frozen=True, slots=True)
class CertaintyFault:
    """Where the claim says more than the text.

    kind: "hedge" (the text says "may", the claim does not), "condition" (the text says "once validated")
        or "absolute" ("always", "proven") where only the claim says so.
    weight: of a hedge, the share of what it governs that the claim repeats; 1 for the others.
    """

    kind: Kind
    weight: float
    reason: str


def certainty_faults(claim: Reading, evidence: Reading, lexis: Lexis) -> list[CertaintyFault]:
    """Where the claim is surer, or goes further, than its evidence."""
    return [
        *_hedges_left_out(claim, evidence, lexis),
        *_conditions_left_out(claim, evidence),
        *_extremes_added(claim, evidence),
    ]


def _hedges_left_out(claim: Reading, evidence: Reading, lexis: Lexis) -> list[CertaintyFault]:
    if _HEDGED_CLAIM.search(claim.text):
        return []
    hedges = [(match, _governed(evidence.words, match.end())) for match in _HEDGES.finditer(evidence.text)]
    hedged = {word.start for _, governed in hedges for word in governed}
    plain = lexis.wide_stems(word for word in evidence.words if word.content and word.start not in hedged)
    said = content_stems(claim, lexis)
    faults = []
    for match, governed in hedges:
        # What the text also says outright does not count.
        own = [word for word in governed if word.stem not in plain and lexis.match(word, said)]
        if len(own) >= _REPEATED * len(governed):
            reason = f"the passage says “{match[0].lower()}” of this, the claim states it as fact"
            faults.append(CertaintyFault("hedge", len(own) / len(governed), reason))
    return faults


def _governed(words: Sequence[Word], start: int) -> list[Word]:
    first = next((n for n, word in enumerate(words) if word.start >= start), len(words))
    governed = [word for word in words[first:] if word.content and word.sentence == words[first].sentence]
    return governed[:_SCOPE]


def _conditions_left_out(claim: Reading, evidence: Reading) -> list[CertaintyFault]:
    condition = _CONDITIONS.search(evidence.text)
    # It counts where all that the claim leans on is one sentence, or else it may be of something else.
    if len({word.sentence for word in evidence.words}) > 1:
        return []
    if condition is None or _CONDITIONS.search(claim.text) or _HEDGED_CLAIM.search(claim.text):
        return []
    reason = f"the passage sets a condition (“{condition[0].lower()} …”), the claim none"
    return [CertaintyFault("condition", 1.0, reason)]


def _extremes_added(claim: Reading, evidence: Reading) -> list[CertaintyFault]:
    faults = []
    for pattern in _EXTREMES:
        match = pattern.search(claim.text)
        allowed = next((allow for key, allow in _ALLOWS.items() if pattern.search(key)), pattern)
        if match and not pattern.search(evidence.text) and not allowed.search(evidence.text):
            reason = f"the claim says “{match[0].lower()}”, which the passage does not"
            faults.append(CertaintyFault("absolute", 1.0, reason))
    return faults
