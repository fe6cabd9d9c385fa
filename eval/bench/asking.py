"""Questions that no service has met before: half of one evaluation question and half of another.

A service may remember what it was asked, and so would be measured on its memory. Two halves keep the words,
the lengths and, roughly, the difficulty of real questions; n of them give n * (n - 1) that differ.
"""

import random
from collections.abc import Iterator, Sequence

_SEED = 20_170_105


def distinct_questions(questions: Sequence[str]) -> Iterator[str]:
    """New questions, in an order that is always the same; at the end of them with a number before each.

    questions: two or more.
    """
    pairs = [(one, other) for one in questions for other in questions if one != other]
    random.Random(_SEED).shuffle(pairs)
    told: set[str] = set()
    for turn in range(1_000):
        for one, other in pairs:
            question = _joined(one, other) if not turn else f"{turn}. {_joined(one, other)}"
            if question not in told:
                told.add(question)
                yield question


def _joined(one: str, other: str) -> str:
    """The first half of the words of one and the second half of those of the other."""
    first, second = one.split(), other.split()
    return " ".join([*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]])
