"""Follow-up questions: what a question leaves unsaid comes from the conversation before it, without an LLM.

Three things are resolved, in this order: an item counted in the last answer ("the second one"), a part of the
last question put in another's place ("and for the bladder?"), and, for whatever else points back ("where was
it published?"), the names and content words of what it points to, carried along as context.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.lexical import terms

_POINTS_BACK = re.compile(
    r"\b(?:it|its|they|them|their|theirs|he|him|his|she|her|hers|this|that|these|those|such|same|similar"
    r"|ones?|others?|former|latter|both|either|neither|there|then|instead|else|too|respectively)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^\W*(?:and|or|but|so|also|plus|ok(?:ay)?|yes|no|hm+|what about|how about|what else)\b",
    re.IGNORECASE,
)
# A question of more terms of its own says what it is about, whatever its "that" and "it" point to,
_MANY_TERMS = 7
# one of so few says too little to be searched alone,
_FEW_TERMS = 1
# unless it asks what something is, and not what "the" thing just spoken of is.
_ASKS_WHAT_IT_IS = re.compile(
    r"^\W*(?:what(?:['’]s| is| are| does)|define|explain)\s+(?!the\b|next\b|new\b)(?:an?\s+)?[\w/-]{3,}"
    r"(?:\s+(?:mean|stand for))?\W*$",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"^\W*(?:ok(?:ay)?\W+)?(?:and|or|but|what about|how about)\W+(?:what about |how about )?"
    r"(?P<preposition>for|in|of|with|on|at|from|by|about)\s+(?P<other>[^?.,;]{2,60})[?.!\s]*$",
    re.IGNORECASE,
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_COUNTED = re.compile(
    rf"\bthe\s+(?P<which>{'|'.join(_ORDINALS)}|\d{{1,2}}(?:st|nd|rd|th)|last|final|middle|former|latter)"
    r"(?:\s+(?:one|item|point|thing|two|of (?:these|those|them)))?(?=\s*(?:[?.!,;–—-]|$|was|is|were|are"
    r"|did|does|do|has|have|work|mean))",
    re.IGNORECASE,
)
_LIST_BREAK = re.compile(r"\s*(?:;|,\s*(?:and|or)\b|,|\band\b|\n+(?:[-•*]|\d+[.)])?)\s*")
_NAME = re.compile(
    r"(?:Dr\.? )?\b(?:[A-Z][\w'’-]*[a-z][\w'’-]*|[A-Z][A-Z0-9-]+)"
    r"(?:(?: (?:of|for|and|the|et|al\.?|&))* [A-Z][\w'’-]*)*(?: et al\.?)?|\b[a-z]+[A-Z]\w*\b"
)


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and, if there was one, its answer."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Standalone:
    """A question as it would be asked without the conversation.

    question: what is asked. context: what it is asked about, where the question itself does not say.
    said: the question and answer that it goes on from, if it does.
    """

    question: str
    context: str = ""
    said: str = ""

    def __str__(self) -> str:
        return f"{self.question} (about: {self.context})" if self.context else self.question


def standalone(question: str, history: Sequence[Turn]) -> Standalone:
    """The question with what it leaves unsaid; unchanged if it says it all, or if nothing came before."""
    if not history or not _depends(question):
        return Standalone(question)
    last = history[-1]
    said = f"{last.question} {last.answer}"
    counted = _counted_item(question, last.answer)
    if counted:
        return Standalone(counted, said=said)
    before = standalone(last.question, history[:-1])
    replaced = _replaced(question, before.question)
    if replaced:
        return Standalone(replaced, before.context, said)
    return Standalone(question, _carried(question, before, last.answer), said)


def _depends(question: str) -> bool:
    own = len(terms(question))
    if _GOES_ON.search(question) or _POINTS_BACK.search(question):
        return own <= _MANY_TERMS
    return own <= _FEW_TERMS and not _ASKS_WHAT_IT_IS.match(question)


def _counted_item(question: str, answer: str) -> str | None:
    """The question with "the second one" replaced by the second item that the last answer lists."""
    match = _COUNTED.search(question)
    items = _listed(answer)
    if not match or len(items) < 2:
        return None
    which = match["which"].lower()
    if which in ("last", "final", "latter"):
        place = len(items) - 1
    elif which == "middle":
        place = len(items) // 2
    else:
        place = (
            0 if which == "former" else _ORDINALS.index(which) if which in _ORDINALS else int(which[:-2]) - 1
        )
    if not 0 <= place < len(items):
        return None
    return question[: match.start()] + items[place] + question[match.end() :]


def _listed(answer: str) -> list[str]:
    """The items of the longest list in an answer: of the sentence with most commas, after its colon."""
    sentences = re.split(r"(?<=[.!?])\s+(?=[A-Z])", answer)
    longest = max(sentences, key=lambda sentence: len(_LIST_BREAK.findall(sentence)), default="")
    listed = longest.rsplit(":", 1)[-1]
    return [item.strip(" .*-•") for item in _LIST_BREAK.split(listed) if item.strip(" .*-•")]


def _replaced(question: str, before: str) -> str | None:
    """The last question with its last "for …" (or "in …", "of …") replaced by the one asked now."""
    match = _INSTEAD.match(question)
    if not match:
        return None
    places = list(re.finditer(rf"\b{match['preposition']}\b", before, re.IGNORECASE))
    if not places:
        return None
    return f"{before[: places[-1].start()]}{match['preposition']} {match['other'].strip()}?"


def _carried(question: str, before: Standalone, answer: str) -> str:
    """The names in the last answer, then the words of the last question that the new one does not have.

    "Those slides" are the answer's, if it alone speaks of slides: then its words come along as well.
    """
    names = [match[0] for match in _NAME.finditer(answer) if match.start() > 0 or len(match[0].split()) > 1]
    own = set(terms(question))
    points_into_answer = own & set(terms(answer)) - set(terms(str(before)))
    words = re.findall(r"[\w'’/%-]+", f"{before} {answer}" if points_into_answer else str(before))
    kept = [word for word in words if (found := terms(word)) and not own & set(found)]
    return ", ".join(filter(None, [*dict.fromkeys(names), " ".join(dict.fromkeys(kept))]))
