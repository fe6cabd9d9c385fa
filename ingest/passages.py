"""From blocks to passages: what is retrieved, read and cited.

Prose makes passages of about 40 to 160 words: short neighbours of a section are put together, long
paragraphs are cut at sentence ends. A table row, a list item, a bibliography entry and a list of
abbreviations is one passage each, and so is a whole table, for questions about all of it. Front matter is one
passage a document, for questions about the document itself (its authors, its date).
"""

import hashlib
import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from ingest.blocks import Block
from ingest.excerpt import Excerpt, read_excerpt
from ingest.reading import PROSE, Reading, table_label
from ingest.records import Passage, PassageKind, Sentence, Span, TableRow
from ingest.sentences import split_sentences

MIN_WORDS = 40
MAX_WORDS = 160
# A character that no document holds, between sentences, so that the splitter cuts only there.
_SENTENCE_END = "\x1e"


def make_passages(reading: Reading) -> list[Passage]:
    """All passages of a document, in document order."""
    maker = _Maker(reading)
    passages: list[Passage] = []
    for is_prose, run in groupby(reading.blocks, key=lambda b: (b.kind == "paragraph", b.section)):
        blocks = list(run)
        if is_prose[0]:
            passages.extend(maker.prose(blocks))
        else:
            passages.extend(passage for block in blocks for passage in maker.single(block))
    return passages + list(maker.front_matter(reading.blocks))


class _Maker:
    def __init__(self, reading: Reading) -> None:
        self._text = reading.source.text
        self._source = reading.source
        self._markers = sorted(reading.markers, key=lambda marker: marker.start)
        self._named = reading.named
        self._marker_spans = [marker.span for marker in self._markers]
        self._seen: Counter[str] = Counter()

    def prose(self, blocks: Sequence[Block]) -> Iterator[Passage]:
        for group in _put_together(blocks):
            fragments = tuple(fragment for block in group for fragment in block.fragments)
            excerpt = read_excerpt(self._text, fragments, self._marker_spans)
            sentences = split_sentences(excerpt.text)
            if not sentences:
                continue  # nothing but markers
            for first, last in _cut(excerpt.text, sentences):
                yield self._from_sentences("paragraph", excerpt, sentences[first:last], group[0].section)

    def single(self, block: Block) -> Iterator[Passage]:
        if block.kind == "list_item":
            excerpt = read_excerpt(self._text, block.fragments, self._marker_spans)
            sentences = split_sentences(excerpt.text)
            if sentences:
                yield self._from_sentences("list_item", excerpt, sentences, block.section)
        elif block.kind == "table_row":
            yield self._row(block)
        elif block.kind == "table" and block.text:
            yield self._table(block)
        elif block.kind == "reference" and block.entry:
            numbers = () if block.entry.number is None else (block.entry.number,)
            yield self._whole("reference", block, numbers)
        elif block.kind == "abbreviations":
            yield self._whole("abbreviations", block, ())

    def front_matter(self, blocks: Sequence[Block]) -> Iterator[Passage]:
        """Title, authors, dates, rights: each once, without empty headings and teasers of the text."""
        kept: dict[str, Block] = {}
        for block in blocks:
            is_line = (
                block.kind == "front_matter" and block.level is None and not block.text.endswith(("...", "…"))
            )
            if block.kind == "title" or is_line:
                kept.setdefault(block.text, block)
        if not kept:
            return
        sentences, position = [], 0
        for line, block in kept.items():
            sentences.append(Sentence(position, position + len(line), block.fragments))
            position += len(line) + 1
        spans = tuple(sorted(fragment for block in kept.values() for fragment in block.fragments))
        yield self._passage("front_matter", "\n".join(kept), spans, tuple(sentences), (), ())

    def _from_sentences(
        self, kind: PassageKind, excerpt: Excerpt, bounds: Sequence[Span], section: tuple[str, ...]
    ) -> Passage:
        start, end = bounds[0][0], bounds[-1][1]
        sentences = []
        for first, last in bounds:
            spans = excerpt.spans(first, last)
            sentences.append(Sentence(first - start, last - start, spans, self._cited(spans)))
        spans = excerpt.spans(start, end)
        text = excerpt.text[start:end]
        return self._passage(kind, text, spans, tuple(sentences), self._cited(spans), section)

    def _whole(self, kind: PassageKind, block: Block, numbers: tuple[int, ...]) -> Passage:
        sentence = Sentence(0, len(block.text), block.fragments, numbers)
        return self._passage(
            kind, block.text, block.fragments, (sentence,), numbers, block.section, block.caption
        )

    def _row(self, block: Block) -> Passage:
        assert block.table and block.row
        cells = tuple(block.row.labelled(block.table.headers))
        row = TableRow(table_label(block.caption), block.caption or "", block.row.number, cells)
        numbers = (*self._cited([block.row.span]), *self._named.get(block.row.span, ()))
        return replace(self._whole("table_row", block, tuple(dict.fromkeys(numbers))), table=row)

    def _table(self, block: Block) -> Passage:
        """The whole table: found by its caption, headers and row labels, not by every word in it."""
        assert block.table
        rows = block.table.rows
        spans = [row.spans for row in rows]
        if block.caption:
            spans.insert(0, block.fragments[:1])
        sentences, position = [], 0
        for line, line_spans in zip(block.text.split("\n"), spans, strict=True):
            sentences.append(Sentence(position, position + len(line), line_spans))
            position += len(line) + 1
        labels = dict.fromkeys(row.labelled(block.table.headers)[0][1] for row in rows)
        headers = ", ".join(filter(None, block.table.headers))
        summary = "\n".join(filter(None, [block.caption, headers, ", ".join(labels)]))
        whole = self._whole("table", block, ())
        return replace(whole, sentences=tuple(sentences), index_text=summary)

    def _passage(
        self,
        kind: PassageKind,
        text: str,
        spans: tuple[Span, ...],
        sentences: tuple[Sentence, ...],
        references: tuple[int, ...],
        section: tuple[str, ...],
        caption: str | None = None,
    ) -> Passage:
        return Passage(
            id=self._id(kind, spans),
            document_id=self._source.id,
            kind=kind,
            text=text,
            spans=spans,
            sentences=sentences,
            section=section,
            references=references,
            caption=caption,
            page=bisect_right(self._source.pages, spans[0][0]) or None,
            context=" > ".join(section) if kind in PROSE else "",
        )

    def _id(self, kind: PassageKind, spans: Sequence[Span]) -> str:
        """Document and a digest of kind and verbatim words; a number keeps equal passages apart."""
        verbatim = kind + "\n" + "\n".join(self._text[start:end] for start, end in spans)
        digest = hashlib.sha256(verbatim.encode()).hexdigest()[:10]
        self._seen[digest] += 1
        repeated = f"-{self._seen[digest]}" if self._seen[digest] > 1 else ""
        return f"{self._source.id}-{digest}{repeated}"

    def _cited(self, spans: Sequence[Span]) -> tuple[int, ...]:
        numbers: dict[int, None] = {}
        for start, end in sorted(spans):
            first = bisect_left(self._marker_spans, (start,))
            for marker in self._markers[first : bisect_left(self._marker_spans, (end,))]:
                numbers.update(dict.fromkeys(marker.numbers))
        return tuple(numbers)


def _words(text: str) -> int:
    return len(text.split())


def _put_together(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Group consecutive paragraphs of a section so that none is needlessly short or over-long."""
    group: list[Block] = []
    size = 0
    for block in blocks:
        words = _words(block.text)
        if group and (min(size, words) >= MIN_WORDS or size + words > MAX_WORDS):
            yield group
            group, size = [], 0
        group.append(block)
        size += words
    if group:
        yield group


def _cut(text: str, sentences: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Runs of sentences, `[first, last)`, of at most MAX_WORDS words where sentences allow, evenly filled."""
    total = _words(text)
    pieces = math.ceil(total / MAX_WORDS)
    # Even pieces and half a sentence of slack: 170 words become two halves, not 160 and a rest of 10.
    slack = total / len(sentences) / 2
    size = MAX_WORDS if pieces == 1 else min(MAX_WORDS, math.ceil(total / pieces + slack))
    # Only reading needs it, and whoever serves reads nothing.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        separators=[_SENTENCE_END],
        keep_separator=False,
        chunk_size=size,
        chunk_overlap=0,
        length_function=_words,
    )
    joined = f" {_SENTENCE_END} ".join(text[start:end] for start, end in sentences)
    first = 0
    for piece in splitter.split_text(joined):
        last = first + piece.count(_SENTENCE_END) + 1
        yield first, last
        first = last
