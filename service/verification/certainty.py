"""How sure a text is, and how far it reaches: a claim may say less than its evidence, never more."""

import re
from dataclasses import dataclass
from typing import Literal

from service.verification.lexicon import BETTER, FALLS, RISES, WORSE
from service.verification.lexis import Lexis
from service.verification.reading import Reading, Word

Kind = Literal["hedge", "condition", "absolute"]


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b", re.IGNORECASE)


# Each makes its sentence less than a fact.
_HEDGES = _words(
    r"(?-i:may)|might|could|potential\sto|potentially|possibl[ey]|perhaps|suggest(?:s|ed|ing)?|promis(?:e|es|ing)",
    r"appear(?:s|ed)?\sto|seem(?:s|ed)?\sto|likely|hypothesi[sz]ed?|feasib(?:le|ility)|preliminary",
    r"being\s(?:developed|investigated|explored|studied|tested|evaluated)",
    r"under\s(?:development|investigation|evaluation|study)|in\sdevelopment|stages\sof\sdevelopment",
    r"set\sto|stands?\sto|paving\sthe\sway|proof[-\s]of[-\s]concept|(?:in\s)?(?:pre)?clinical\strials",
    r"not\syet|one\sday|in\s(?:the\s)?future",
)
# Enough in a claim to show that it does not speak of plain fact.
_HEDGED_CLAIM = _words(
    _HEDGES.pattern,
    r"can|able\sto|would|should|sets?\sout\sto|hint\w*|believed?|thought|tentative(?:ly)?|conceivabl[ey]",
    r"preclinical|investigat\w+|explor\w+|aim\w*|inten[dt]\w*|designed|meant|expect\w*|anticipat\w*|hope\w*",
    r"prospect\w*|propos\w*|some\s?day|eventually|if|attempt\w*|try|trying|tried|opportunit\w+|encouraging",
    r"early\sresults?|chance|look(?:s|ed)?\slike",
)
_CONDITIONS = _words(
    r"once(?=\s(?:\w+ed|it|they|the|these|such|an?)\b)|provided\sthat|(?:so|as)\slong\sas|only\sif|unless|until"
)
# Words that say the most that can be said. A claim may use one only if the text uses one of the same line.
_EXTREMES = tuple(
    _words(pattern)
    for pattern in (
        r"always|invariably|inevitabl[ey]|without\sexception|every\stime|whenever|consistent(?:ly)?|"
        r"all|every|each|any|universal(?:ly)?|whatever|regardless|irrespective|no\smatter|everyone|everywhere|"
        r"across|both|entire(?:ly)?|widespread|global(?:ly)?|wherever",
        r"never|under\sno\scircumstances|no",
        r"(?:only|solely|exclusively)\s(?:in|among|with|by|for|when|if|at|on|from)|limited",
        r"eliminat\w+|abolish\w*|eradicat\w+|remov(?:e|es|ed|ing)|do(?:es|ing)?\saway|did\saway|rid\sof|obviat\w+|"
        r"without\sthe\sneed|no\sneed|no\slonger\sneed\w*|do\swithout",
        r"guarantee\w*|ensur(?:e|es|ed|ing)|assur(?:e|es|ed|ing)|mak(?:e|es|ing)\ssure",
        r"complete(?:ly)?|fully|total(?:ly)?|perfect(?:ly)?|flawless(?:ly)?|full",
        r"prove(?:s|d|n)?|proof|established|establish(?:es)?|conclusive(?:ly)?|definitive(?:ly)?|"
        r"certain(?:ly|ty)|undoubtedly|unquestionabl[ey]|settled",
        r"already|now|routine(?:ly)?|standard\sof\scare|standard\spractice|everyday|widely|practicing|"
        r"clinical\s(?:practice|use)|commonplace|in\sclinics|current(?:ly)?|today\w*|daily",
        r"will|shall|bound\sto|going\sto|set\sto|stands?\sto|future|one\sday|would",
        r"must|compulsory|mandatory|obligatory|ha(?:s|ve)\sto|required?|requires|need(?:s|ed)?|necess\w+",
        r"cure(?:s|d)?|curative",
        r"caus(?:e|es|ed|ing|al)|responsible\sfor|due\sto|because|leads?\sto|results?\sin|creates?",
        r"replac(?:e|es|ed|ing)|supersed\w+|supplant\w*|redundant|obsolete|instead\sof",
        r"best|unsurpassed|unmatched|unrivalled|gold\sstandard|indispensable",
        r"far|dramatic(?:ally)?|vastly|drastic(?:ally)?|massive(?:ly)?|hugely|overwhelming(?:ly)?|great(?:ly)?",
        r"approv\w+|cleared\sby|licensed|certified|authori[sz]ed",
        r"reliab\w+|dependab\w+|trustworthy|robust\w*",
        r"unanimous(?:ly)?|consensus",
    )
)
# Weak members of a line: they allow the extreme in a claim, but are not themselves too much.
_MILD = _words(
    r"no|each|any|both|across|now|current(?:ly)?|today\w*|daily|future|one\sday|would|need(?:s|ed)?|necess\w+|"
    r"ha(?:s|ve)\sto|requires?|required|due\sto|because|leads?\sto|results?\sin|creates?|full|best|great(?:ly)?|far|"
    r"stands?\sto|set\sto|without\sthe\sneed|no\sneed|do\swithout|instead\sof|widely|"
    r"entire(?:ly)?|practicing|global(?:ly)?|robust\w*|consistent(?:ly)?|limited"
)
# So much of a claim has to stand after a hedge, unless that ends its sentence: before it stands the subject.
_PREDICATED = 0.15
_COLON = re.compile(r"(?<=[a-z])[:;]\s(?=[a-z])")
_JOINTS = frozenset("but while whereas although though however".split())


@dataclass(frozen=True, slots=True)
class CertaintyFault:
    """Where the claim says more than the text.

    kind: "hedge" (the text says "may", the claim does not), "condition" (the text says "once validated"),
        or "absolute" ("always", "proven") where only the claim says so.
    weight: of a hedge, the share of the claim's words that it governs in the text; 1 for the others.
    """

    kind: Kind
    weight: float
    reason: str


_SHORT_OF = re.compile(r"\b(?:almost|nearly|virtually|practically|above|at|after)\s$", re.IGNORECASE)
# Together they are what is said of causes where the text has only found things side by side.
_SIDE_BY_SIDE = _words(r"associat(?:ed|ion|ions)", r"correlat(?:ed|es|ion|ions)", r"linked\s(?:to|with)")
_TOGETHER = _words(
    _SIDE_BY_SIDE.pattern, r"link\w*|relat\w*|tend\w*|likel\w*|go(?:es)?\swith|accompan\w*|predict\w*"
)
_ACTS = _words(r"prevents?|protects?|causes?")
# Where a text reports what was tried on something else than people.
_MODELS = _words(
    r"phantoms?|porcine|pigs?|swine|mice|mouse|murine|rats?|rabbits?|animals?|in\svitro|ex\svivo|bench(?:top)?|cadaver\w*"
)
_PEOPLE = _words(
    r"patients?|humans?|people|persons?|men|women|clinical\s(?:practice|use|routine)|adults?|children"
)


def certainty_faults(claim: Reading, evidence: Reading, lexis: Lexis) -> list[CertaintyFault]:
    """Where the claim is surer, or goes further, than its evidence."""
    faults = [*_extremes_added(claim, evidence), *_people_added(claim, evidence)]
    if not _HEDGED_CLAIM.search(claim.text):
        faults += _hedges_left_out(claim, evidence, lexis)
        faults += _conditions_left_out(claim, evidence)
        faults += _causes_made(claim, evidence)
    return faults


def _hedges_left_out(claim: Reading, evidence: Reading, lexis: Lexis) -> list[CertaintyFault]:
    """The hedge of the text that governs most of the claim, if there is any."""
    found = [(match, _governed(evidence, match.start())) for match in _HEDGES.finditer(evidence.text)]
    governed = {word.start for _, words in found for word in words}
    # What the text also says without a hedge does not count.
    plain = lexis.wide_stems(word for word in evidence.words if word.content and word.start not in governed)
    own = [word for word in claim.content if not lexis.match(word, plain)]
    faults = []
    for match, words in found:
        before = lexis.wide_stems(word for word in words if word.start < match.start())
        after = lexis.wide_stems(word for word in words if word.start >= match.end())
        predicated = [word for word in own if lexis.match(word, after) and not lexis.match(word, before)]
        if after and len(predicated) < _PREDICATED * len(claim.content):
            continue
        share = sum(lexis.match(word, before | after) > 0 for word in own) / max(1, len(claim.content))
        if share:
            reason = f"the passage says “{match[0].lower()}” of this, the claim states it as fact"
            faults.append(CertaintyFault("hedge", share, reason))
    return sorted(faults, key=lambda fault: -fault.weight)[:1]


def _governed(evidence: Reading, start: int) -> list[Word]:
    """The words of the sentence around a cue, up to a "but" on either side."""
    sentence = max((n for n, (a, _) in enumerate(evidence.sentences) if a <= start), default=0)
    run: list[Word] = []
    # "May lengthen survival: in one trial, it did": what follows a colon is said by itself.
    colon = _COLON.search(evidence.text, start)
    last = colon.start() if colon else len(evidence.text)
    for word in (word for word in evidence.words if word.sentence == sentence and word.start < last):
        if word.lower in _JOINTS:
            if word.start > start:
                break
            run = []
        elif word.content:
            run.append(word)
    return run


def _conditions_left_out(claim: Reading, evidence: Reading) -> list[CertaintyFault]:
    condition = _CONDITIONS.search(evidence.text)
    # It counts where all that the claim leans on is one sentence, or else it may be of something else.
    sentences = {word.sentence for word in evidence.words}
    if condition is None or len(sentences) > 1 or _CONDITIONS.search(claim.text):
        return []
    reason = f"the passage sets a condition (“{condition[0].lower()} …”), the claim none"
    return [CertaintyFault("condition", 1.0, reason)]


def _people_added(claim: Reading, evidence: Reading) -> list[CertaintyFault]:
    tried, said = _MODELS.search(evidence.text), _PEOPLE.search(claim.text)
    if not tried or not said or _PEOPLE.search(evidence.text) or _MODELS.search(claim.text):
        return []
    reason = f"the passage speaks of “{tried[0].lower()}”, the claim of “{said[0].lower()}”"
    return [CertaintyFault("condition", 1.0, reason)]


def _causes_made(claim: Reading, evidence: Reading) -> list[CertaintyFault]:
    """Where the claim has one thing change another that the text has only found beside it."""
    found = _SIDE_BY_SIDE.search(evidence.text)
    acts = [word for word in claim.words if _is_act(word)]
    if not found or not acts or _TOGETHER.search(claim.text):
        return []
    if any(_is_act(word) for word in evidence.words):
        return []
    reason = f"the passage says “{found[0].lower()}”, the claim that one “{acts[0].lower}” the other"
    return [CertaintyFault("condition", 1.0, reason)]


def _is_act(word: Word) -> bool:
    """Whether it is a verb of changing something, in the present: "lowers", "improves", "prevents"."""
    if _ACTS.fullmatch(word.text):
        return True
    return word.lower.endswith("s") and word.stem in RISES | FALLS | BETTER | WORSE


def _plain(pattern: re.Pattern[str], text: str) -> list[re.Match[str]]:
    """What is said without "almost" before it; nor is "above all" all."""
    return [match for match in pattern.finditer(text) if not _SHORT_OF.search(text, 0, match.start())]


def _extremes_added(claim: Reading, evidence: Reading) -> list[CertaintyFault]:
    faults = []
    for pattern in _EXTREMES:
        strong = [match for match in _plain(pattern, claim.text) if not _MILD.fullmatch(match[0])]
        if strong and not _plain(pattern, evidence.text):
            reason = f"the claim says “{strong[0][0].lower()}”, which the passage does not"
            faults.append(CertaintyFault("absolute", 1.0, reason))
    return faults
