"""Names: studies, authors, institutions, modalities, organs, drugs, methods; a short form is its long one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from service.verification.lexicon import RIVALS
from service.verification.lexis import Lexis
from service.verification.reading import Reading, Word

_AUTHOR = re.compile(
    r"(?:'s)?\s(?:et\sal\b|and\s(?:co-?workers|co-?authors|colleagues|associates|others)\b|\((?:19|20)\d\d\))|'s\b"
)
_TITLES = frozenset("dr prof professor mr mrs ms".split())
# Written with a capital, but not as the name of anything in particular.
NO_NAMES = frozenset("ai i a x us uk eu usa american european english table figure".split())
# So many words of the claim have to stand in another part of a list than the thing it names.
_MOVED = 2


@dataclass(frozen=True, slots=True)
class EntityFault:
    """A thing that the claim names and the text does not.

    kind: "name" (a proper name), "rival" (the text names another thing of its kind), "added" (a thing of a
        kind of which the text names none).
    """

    kind: Literal["name", "rival", "added"]
    word: Word
    reason: str


def entity_faults(
    claim: Reading, evidence: Reading, around: frozenset[str], lexis: Lexis
) -> list[EntityFault]:
    """The named things of the claim that the text does not name.

    around: stems of what stands around the evidence (section, caption, headers), where a name may stand too.
    """
    stems = lexis.wide_stems(word for word in evidence.words if not word.stem.isdigit()) | around
    faults: list[EntityFault] = []
    for n, word in enumerate(claim.words):
        if rival := _rival(word, stems, evidence.words, lexis) or _of_another(claim, word, evidence, lexis):
            faults.append(rival)
        elif _is_name(claim, n) and not _is_named(word, stems, evidence, lexis):
            faults.append(EntityFault("name", word, f"the passage does not name {word.text}"))
    return faults


def _is_name(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    if not any(map(str.isupper, word.text)):
        return False
    if word.text[0].isdigit() or word.lower in NO_NAMES | _TITLES or not word.content:
        return False
    if any(map(str.isupper, word.text[1:])) or any(map(str.isdigit, word.text)):
        return True
    opens = place == 0 or reading.words[place - 1].sentence != word.sentence
    opens = opens or re.search(r"[.:?!“\"(]\s*$", reading.text[: word.start]) is not None
    return not opens or _AUTHOR.match(reading.text, word.end) is not None


def is_named_inside(word: Word, place: int) -> bool:
    """Whether a word, not the first, has a capital, or any has one inside; AI, a US and the like aside."""
    if word.lower in NO_NAMES:
        return False
    return any(map(str.isupper, word.text[1:])) or (place > 0 and word.text[0].isupper())


def _is_named(word: Word, stems: frozenset[str], evidence: Reading, lexis: Lexis) -> bool:
    if lexis.match(word, stems) > 0:
        return True
    bare = word.lower
    if len(bare) > 2 and bare in evidence.text.lower().replace("-", ""):
        return True
    return word.text.isupper() and _spelt(bare, evidence.words)


def _spelt(short: str, words: Sequence[Word]) -> bool:
    """Whether the initials of a run of words spell `short`, small words counting or not."""
    for keep in (True, False):
        initials = "".join(word.text[0].lower() for word in words if keep or len(word.text) > 3)
        if short in initials:
            return True
    return False


def _rival(word: Word, stems: frozenset[str], words: Sequence[Word], lexis: Lexis) -> EntityFault | None:
    if not word.content or word.stem not in RIVALS:
        return None
    places = set(RIVALS[word.stem])
    if word.stem in stems or any(place in places for one in stems for place in RIVALS.get(one, ())):
        return None
    if lexis.long_forms(word) and lexis.match(word, stems):
        return None
    kinds = {kind for kind, _ in places}
    for other in words:
        forms = [other.stem, *(part for long in lexis.long_forms(other) for part in long)]
        if any(kind in kinds for form in forms for kind, _ in RIVALS.get(form, ())):
            reason = f"the passage names {other.text}, the claim {word.text}"
            return EntityFault("rival", word, reason)
    if word.lower == "us":  # which may be the country
        return None
    return EntityFault("added", word, f"the passage does not speak of {word.text}")


def _of_another(claim: Reading, word: Word, evidence: Reading, lexis: Lexis) -> EntityFault | None:
    """Whether the text names `word` in one part of a list, and what the claim says of it in another.

    "Bone lesions on MRI, lymph nodes on ultrasound" names MRI, but does not say "lymph nodes on MRI".
    """
    if word.stem not in RIVALS or sum(_are_rivals(word, other) for other in claim.words):
        return None
    parts = _parts(evidence)
    own = [part for part in parts if any(other.stem == word.stem for other in part)]
    others = [part for part in parts if any(_are_rivals(word, other) for other in part) and part not in own]
    if len(own) != 1 or not others or own[0][0].sentence != others[0][0].sentence:
        return None
    said = [one for one in claim.content if one is not word]
    here = lexis.wide_stems(own[0])
    for part in others:
        there = lexis.wide_stems(part)
        moved = [one for one in said if lexis.match(one, there) and not lexis.match(one, here)]
        stayed = [one for one in said if lexis.match(one, here) and not lexis.match(one, there)]
        if len(moved) >= _MOVED and len(moved) > len(stayed):
            rival = next(other for other in part if _are_rivals(word, other))
            reason = f"the passage names {rival.text} with “{moved[0].text}”, the claim {word.text}"
            return EntityFault("rival", word, reason)
    return None


def _are_rivals(one: Word, other: Word) -> bool:
    members = dict(RIVALS.get(one.stem, ()))
    return any(kind in members and members[kind] != member for kind, member in RIVALS.get(other.stem, ()))


def _parts(evidence: Reading) -> list[list[Word]]:
    """The words that carry matter, clause by clause."""
    parts: dict[int, list[Word]] = {}
    for word in evidence.words:
        if word.content:
            parts.setdefault(word.clause, []).append(word)
    return list(parts.values())
