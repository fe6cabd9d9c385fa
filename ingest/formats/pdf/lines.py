"""Glyphs gathered into lines, with raised and lowered numbers told from the text."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from ingest.formats.canonical import clean, raised
from ingest.formats.pdf.glyphs import Glyph

# In parts of the font's size: what parts words, what parts pieces of a line (cells, columns), how far
# a raised glyph may leave its line.
_WORD_GAP = 0.12
_PIECE_GAP = 0.9
_LEAVES_LINE = 0.62
_SMALLER = 0.87


@dataclass(frozen=True)
class Line:
    """A line, or a piece of one: glyphs in reading order that stand side by side."""

    glyphs: tuple[Glyph, ...]

    @cached_property
    def x0(self) -> float:
        return min(glyph.x0 for glyph in self.glyphs)

    @cached_property
    def x1(self) -> float:
        return max(glyph.x1 for glyph in self.glyphs)

    @cached_property
    def size(self) -> float:
        """The commonest size of its glyphs, of the larger if two are as common."""
        sizes = Counter(round(glyph.size, 1) for glyph in self.glyphs)
        return max(sizes, key=lambda size: (sizes[size], size))

    @cached_property
    def base(self) -> float:
        """y of the baseline of glyphs of that size."""
        bases = Counter(round(g.base, 1) for g in self.glyphs if abs(g.size - self.size) <= 0.1)
        return bases.most_common(1)[0][0]

    @cached_property
    def font(self) -> str:
        return Counter(glyph.font for glyph in self.glyphs).most_common(1)[0][0]

    @cached_property
    def bold(self) -> bool:
        return self._mostly([glyph.bold for glyph in self.glyphs if glyph.text.isalnum()])

    @cached_property
    def italic(self) -> bool:
        return self._mostly([glyph.italic for glyph in self.glyphs if glyph.text.isalnum()])

    @staticmethod
    def _mostly(flags: Sequence[bool]) -> bool:
        return bool(flags) and sum(flags) >= 0.8 * len(flags)

    @cached_property
    def text(self) -> str:
        """The words, raised numbers marked (`ingest.formats.canonical.raised`)."""
        pieces: list[str] = []
        above: list[str] = []
        before: Glyph | None = None
        for glyph in self.glyphs:
            is_raised = self._is_raised(glyph)
            space = before is not None and (glyph.spaced or glyph.x0 - before.x1 > _WORD_GAP * self.size)
            if above and not is_raised:
                pieces.append(raised("".join(above)))
                above = []
            if space and not above:
                pieces.append(" ")
            (above if is_raised else pieces).append(glyph.text)
            before = glyph
        if above:
            pieces.append(raised("".join(above)))
        return clean("".join(pieces)).strip()

    @cached_property
    def widest_gap(self) -> float:
        """The widest between two words, but for the one behind a first number or letter ("2.1   Methods")."""
        opens = next((n for n, glyph in enumerate(self.glyphs) if glyph.text.isalpha()), 0)
        pairs = pairwise(self.glyphs[opens:])
        return max((after.x0 - before.x1 for before, after in pairs), default=0.0)

    @cached_property
    def first_word_width(self) -> float:
        end = self.glyphs[0].x1
        for before, glyph in zip(self.glyphs, self.glyphs[1:], strict=False):
            if glyph.spaced or glyph.x0 - before.x1 > _WORD_GAP * self.size:
                break
            end = glyph.x1
        return end - self.glyphs[0].x0

    def _is_raised(self, glyph: Glyph) -> bool:
        lift = self.base - glyph.base
        return glyph.size < _SMALLER * self.size and 0.15 * self.size < lift < 0.8 * self.size


def pieces(glyphs: Iterable[Glyph]) -> list[Line]:
    """Glyphs in the order of the file as pieces: what stands side by side without a wide gap."""
    groups: list[list[Glyph]] = []
    for glyph in glyphs:
        if groups and _follows(groups[-1], glyph):
            groups[-1].append(glyph)
        else:
            groups.append([glyph])
    return [Line(tuple(group)) for group in groups]


def _follows(group: Sequence[Glyph], glyph: Glyph) -> bool:
    before = group[-1]
    size = max(before.size, glyph.size)
    # The line is that of the group's full-sized glyphs, or a raised note would begin another.
    largest = max(group[-12:], key=lambda g: g.size)
    height = abs(largest.base - glyph.base)
    return (
        height <= _LEAVES_LINE * max(size, largest.size) * (1 if _differ(largest, glyph) else 0.2)
        and -0.5 * size <= glyph.x0 - before.x1 <= _PIECE_GAP * size
    )


def _differ(a: Glyph, b: Glyph) -> bool:
    return min(a.size, b.size) < _SMALLER * max(a.size, b.size)


def joined(parts: Sequence[Line]) -> list[Line]:
    """Pieces of one column as whole lines, from the top down."""
    rows: list[list[Line]] = []
    for piece in sorted(parts, key=lambda p: (p.base, p.x0)):
        row = next((r for r in reversed(rows[-4:]) if _on_one_line(r, piece)), None)
        if row is None:
            rows.append([piece])
        else:
            row.append(piece)
    lines = [Line(tuple(g for p in sorted(row, key=lambda p: p.x0) for g in p.glyphs)) for row in rows]
    return sorted(lines, key=lambda line: (line.base, line.x0))


def _on_one_line(row: Sequence[Line], piece: Line) -> bool:
    largest = max(row, key=lambda p: p.size)
    big, small = (largest, piece) if largest.size >= piece.size else (piece, largest)
    allowed = _LEAVES_LINE if small.size < _SMALLER * big.size else 0.3
    apart = abs(big.base - small.base) <= allowed * big.size
    overlaps = any(min(p.x1, piece.x1) - max(p.x0, piece.x0) > 0.3 * big.size for p in row)
    return apart and not overlaps
