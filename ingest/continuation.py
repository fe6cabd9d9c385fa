"""Does a sentence end with this line, or does it go on in the next one?"""

import re
from collections import deque

# A line of so many words is prose.
PROSE_WORDS = 25
# What may follow the last full stop of a paragraph: emphasis, quotes, brackets, citation markers.
_AFTER_STOP = re.compile(
    r"(?:[\s*_\"”’)\]]|\^\{[\d,\s–-]*\}|\[[\d,\s–-]+\]|[⁰¹²³⁴-⁹⁻-]|(?<=[.!?\"”’])\d{1,3})+"
)
_HANGING = re.compile(
    r"(?:[,;(\[/–—-]|\b(?:a|after|an|and|are|as|at|between|by|during|for|from|in|into|is|not|of|on|or|our|per"
    r"|than|that|the|their|these|this|through|to|using|via|was|were|which|with|without))$",
    re.IGNORECASE,
)
_CONTINUING = re.compile(r"[\s*_]*(?:[a-zà-öø-ÿ(\[]|\d)")


def is_finished(printed: str) -> bool:
    """Whether the text ends a sentence, whatever quotes, brackets and markers follow its full stop."""
    return _bare(printed).endswith((".", "!", "?", ":", "…"))


def _bare(printed: str) -> str:
    """The text up to its last full stop or word."""
    printed = printed.rstrip()
    # Each run once: a pattern that ends in `$` reads a long run again from each of its characters.
    last = deque(_AFTER_STOP.finditer(printed), maxlen=1)
    return printed[: last[0].start()] if last and last[0].end() == len(printed) else printed


def goes_on(before: str, after: str) -> bool:
    """Whether a sentence that `before` leaves open goes on in `after`."""
    if is_finished(before):
        return False
    bare = _bare(before)
    return bool(_CONTINUING.match(after) or _HANGING.search(bare)) or len(before.split()) >= PROSE_WORDS
