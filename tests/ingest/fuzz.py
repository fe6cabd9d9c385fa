"""Reads generated texts until the time is up: `python -m tests.ingest.fuzz SECONDS`; stops at a fault."""

import random
import sys
import time

from ingest.corpus import Source
from ingest.passages import make_passages
from ingest.reading import read

# What the readers look for, in pieces that can be put together in every wrong way.
PIECES = [
    *(
        "# ",
        "## ",
        "- ",
        "1. ",
        "[1]",
        "^{2,3}",
        "¹⁻³",
        "(ML)",
        "machine learning",
        "| a | b |",
        "|---|---|",
        "| |",
    ),
    *(
        "\n",
        "\n\n",
        "\r\n",
        "\u2028",
        "\x0c",
        " ",
        "\t",
        "Table 1. ",
        "Abbreviations: ",
        "References",
        "© 2020",
    ),
    *(
        "...",
        "…",
        ".",
        ". A",
        "**",
        "\\*",
        "<br>",
        "[a](b)",
        "<https://a.org>",
        "10.1234/x)",
        "PMID: 1",
        "\ufeff",
    ),
    *(
        "and",
        "The end.",
        "METHODS",
        "Title Case",
        "\x00",
        "\u202e",
        "\u200b",
        "👩🏽‍⚕️",
        "é",
        "א\u05b8",
        "\ud7ff",
        "m²",
    ),
]


def generated(chance: random.Random) -> str:
    """Up to 400 pieces, some of them many times over."""
    parts = [chance.choice(PIECES) * chance.choice((1, 1, 1, 1, 2, 50)) for _ in range(chance.randrange(400))]
    return "".join(parts)


def check(text: str) -> None:
    """Raises AssertionError for a span that is not exact."""
    passages = make_passages(read(Source("doc", "doc.txt", "A title", "0" * 64, text)))
    for passage in passages:
        places = [place for span in passage.spans for place in span]
        assert places == sorted(places) and 0 <= places[0] <= places[-1] <= len(text)
        if passage.kind in ("paragraph", "list_item"):
            printed = iter("".join(text[start:end] for start, end in passage.spans))
            assert all(character == " " or character in printed for character in passage.text)
        assert all(0 <= s.start <= s.end <= len(passage.text) for s in passage.sentences)
    assert len({passage.id for passage in passages}) == len(passages)


def main(seconds: float) -> None:
    """Read texts of seeds 0, 1, 2, … so that a fault can be found again."""
    end, seed = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        text = generated(random.Random(seed))
        try:
            check(text)
        except Exception:
            print(f"seed {seed}: {text!r}", file=sys.stderr)
            raise
        seed += 1
    print(f"{seed} texts read")


if __name__ == "__main__":
    main(float(sys.argv[1]))
