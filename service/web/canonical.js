// The canonical text of a document: its offsets, its blocks and the markup inside of them.
// The API counts code points, JavaScript UTF-16 units; everything here but `unitsOf` is in units.

// Gives a function from a code-point span to a span in units.
export function unitsOf(text) {
  if (!/[\ud800-\udbff]/.test(text)) return (span) => span;
  const starts = [];
  for (let unit = 0; unit < text.length; unit += text.codePointAt(unit) > 0xffff ? 2 : 1) starts.push(unit);
  const unit = (point) => starts[point] ?? text.length;
  return ([start, end]) => [unit(start), unit(end)];
}

// The text as {kind, start, end, level?, rows?} from top to bottom. headings: {start, end, level} in units.
// kind: "heading", "paragraph", "item", "rule" or "table", whose rows are {start, end, cells, head}.
export function blocks(text, headings) {
  const found = [];
  let open = null;
  for (const line of lines(text)) {
    const heading = headings.find(({ start, end }) => line.start < end && start < line.end);
    const kind = heading ? "heading" : kindOf(text.slice(line.start, line.end));
    if (open && continues(open, kind, heading)) open.end = line.end;
    else if (kind === "blank") open = null;
    else {
      open = { kind: kind === "more" ? "paragraph" : kind, ...line, ...(heading && { heading, level: heading.level }) };
      found.push(open);
    }
  }
  return found.map((block) => (block.kind === "table" ? { ...block, rows: rows(text, block) } : block));
}

function continues(open, kind, heading) {
  if (kind === "more") return open.kind === "paragraph" || open.kind === "item";
  return kind === open.kind && (kind === "table" || (kind === "heading" && heading === open.heading));
}

// What of the text is markup, and what it does: {start, end, style}, style "syntax" for what is not to be seen.
export function markup(text, { start, end }) {
  const ranges = [];
  for (const { pattern, style, open, close } of MARKUP) {
    for (const match of text.slice(start, end).matchAll(pattern)) {
      const from = start + match.index;
      const to = from + match[0].length;
      const [opening, closing] = [open(match), close(match)];
      ranges.push({ start: from, end: from + opening, style: "syntax" }, { start: to - closing, end: to, style: "syntax" });
      if (style) ranges.push({ start: from + opening, end: to - closing, style });
    }
  }
  return ranges.filter((range) => range.start < range.end);
}

const run = (match) => match[1].length;
const MARKUP = [
  { pattern: /\^\{[^{}\n]*\}/g, style: "sup", open: () => 2, close: () => 1 },
  { pattern: /(?<![*\\])(\*)(?![*\s])(?:[^*]|\*\*)+?(?<![*\s])\1(?!\*)/g, style: "em", open: run, close: run },
  { pattern: /(?<![*\\])(\*\*)(?![*\s])(?:[^*]|\\\*)+?(?<!\s)\1(?!\*)/g, style: "strong", open: run, close: run },
  { pattern: /(?<!\*)(\*\*\*)(?![*\s])[^*]+?\1(?!\*)/g, style: "strong", open: run, close: run },
  { pattern: /\[[^[\]\n]+\]\(https?:[^()\s]+\)/g, style: "", open: () => 1, close: ([all]) => all.length - all.indexOf("](") },
  { pattern: /^#{1,6} /g, style: "", open: ([all]) => all.length, close: () => 0 },
  { pattern: /\\(?=[*#|])/g, style: "", open: () => 1, close: () => 0 },
];

// Cuts [start, end) at the borders of `ranges`: {start, end, of}, where `of` are the ranges that cover the piece.
export function pieces(start, end, ranges) {
  const borders = new Set([start, end]);
  for (const range of ranges) {
    for (const border of [range.start, range.end]) if (start < border && border < end) borders.add(border);
  }
  const cuts = [...borders].sort((one, other) => one - other);
  return cuts.slice(0, -1).map((from, index) => {
    const to = cuts[index + 1];
    return { start: from, end: to, of: ranges.filter((range) => range.start <= from && to <= range.end) };
  });
}

function* lines(text) {
  let start = 0;
  while (start < text.length) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    yield { start, end };
    start = end + 1;
  }
}

function kindOf(line) {
  if (!line.trim()) return "blank";
  if (line.startsWith("|")) return "table";
  if (/^\s*(?:-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return "rule";
  return /^\s*(?:[•*–-]|\d{1,3}\.)\s/.test(line) ? "item" : "more";
}

// A cell goes from its pipe to the next; the last holds the closing pipe too. So a row's cells are its whole line.
function rows(text, block) {
  const read = [...lines(text.slice(block.start, block.end))].map((line) => {
    const start = block.start + line.start;
    const end = block.start + line.end;
    const pipes = [...text.slice(start, end).matchAll(/(?<!\\)\|/g)].map(({ index }) => start + index);
    const closed = pipes.length > 1 && !text.slice(pipes.at(-1) + 1, end).trim();
    const starts = closed ? pipes.slice(0, -1) : pipes;
    const cells = starts.map((from, index) => ({ start: from, end: starts[index + 1] ?? end }));
    return { start, end, cells, ruler: /^[|\s:-]+$/.test(text.slice(start, end)) && text.slice(start, end).includes("---") };
  });
  const ruler = read.findIndex((row) => row.ruler);
  return read.map((row, index) => ({ ...row, head: index < ruler }));
}
