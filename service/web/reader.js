// A document as it stands, opened at a passage: the passage marked, the words that answer marked more strongly.
// Every character of the canonical text is on the page, markup characters out of sight, so that a mark's text is
// exactly the span that the API names.

import { getJSON, getText } from "./api.js";
import { blocks, markup, pieces, unitsOf } from "./canonical.js";
import { element } from "./elements.js";

const kept = new Map(); // generation and document id → promise of {about, text, units, blocks}

// Reads a document once for each generation of the index.
export function readDocument(id, generation) {
  const key = `${generation} ${id}`;
  if (!kept.has(key)) {
    const path = `/v1/documents/${encodeURIComponent(id)}`;
    const reading = Promise.all([getText(`${path}/text`), getJSON(path)]).then(([text, about]) => {
      const units = unitsOf(text);
      const headings = about.outline.map((heading) => {
        const [start, end] = units([heading.start, heading.end]);
        return { start, end, level: heading.level };
      });
      return { about, text, units, blocks: blocks(text, headings) };
    });
    reading.catch(() => kept.delete(key)); // the next try asks again
    kept.set(key, reading);
  }
  return kept.get(key);
}

// The words at `spans` (code points), each span's joined by one blank as the API joins them.
export function wordsAt({ text, units }, spans) {
  return spans.map((span) => text.slice(...units(span))).join(" ");
}

// The whole document. passage, answer: code-point spans; note: an element for below the passage.
export function renderDocument(document, { passage, answer, note }) {
  const { text, units } = document;
  const ranges = (spans, style) => spans.map(units).map(([start, end]) => ({ start, end, style }));
  const marks = [...ranges(passage, "passage"), ...ranges(answer, "answer")];
  const last = Math.max(...marks.map(({ end }) => end));
  const shown = [];
  let noted = false;
  let level = 3;
  let caption = "";
  for (const block of document.blocks) {
    if (!noted && block.start >= last) {
      shown.push(note);
      noted = true;
    }
    if (block.kind === "heading") level = Math.min(3 + (block.level ?? 1), level + 1, 6);
    shown.push(renderBlock(text, block, marks, { level, caption }));
    caption = text.slice(block.start, block.end);
    if (!noted && block.end >= last) {
      shown.push(note);
      noted = true;
    }
  }
  return element("div", { className: "text" }, ...shown, noted ? "" : note);
}

// level: of a heading. caption: what stands above a table.
function renderBlock(text, block, marks, { level, caption }) {
  if (block.kind === "table") return renderTable(text, block, marks, caption);
  if (block.kind === "rule") return element("hr");
  const name = { heading: `h${level}`, item: "p", paragraph: "p" }[block.kind];
  return element(name, { className: block.kind }, ...words(text, block, marks));
}

// Marks outermost, so that each is one element wherever markup does not begin or end another block.
function words(text, block, marks) {
  const styles = markup(text, block);
  return pieces(block.start, block.end, marks).flatMap(({ start, end, of }) => {
    const inner = pieces(start, end, styles).flatMap((piece) => styled(text.slice(piece.start, piece.end), piece.of));
    if (!of.length) return inner;
    const strong = of.some(({ style }) => style === "answer");
    return element("mark", { className: strong ? "answer" : "passage", tabIndex: strong ? -1 : undefined }, ...inner);
  });
}

// Nodes of `text` as `ranges` style it.
function styled(text, ranges) {
  if (ranges.some(({ style }) => style === "syntax")) return [element("span", { className: "syntax" }, text)];
  return ranges.reduceRight((inner, { style }) => [element(style, {}, ...inner)], breakable(text));
}

// A line may end after a slash, as in “Retrospective/prospective”, which would widen its column.
function breakable(text) {
  return text.split(/(?<=\/)(?=\p{L})/u).flatMap((part, index) => (index ? [element("wbr"), part] : [part]));
}

// A row is lit where a mark holds all of it. A passage of a row also marks the merged cells that the row inherits from
// lines above: of those lines only these words are lit, and the row shows them again where it is blank itself.
function renderTable(text, table, marks, caption) {
  const width = Math.max(...table.rows.map(({ cells }) => cells.length));
  const row = (each, index) => {
    const lit = marks.filter((mark) => mark.start <= each.start && each.start + text.slice(each.start, each.end).trimEnd().length <= mark.end);
    const strong = lit.some(({ style }) => style === "answer");
    const className = [lit.length && "lit", strong && "answer"].filter(Boolean).join(" ");
    const cells = each.cells.map((cell, column) => {
      const above = lit.length && !each.head ? inherited(text, table.rows.slice(0, index), column, marks) : null;
      return renderCell(text, cell, { head: each.head, marks: lit.length ? [] : marks, above });
    });
    const empty = Array.from({ length: width - each.cells.length }, () => element("td"));
    return element("tr", { className, hidden: each.ruler, tabIndex: strong ? -1 : undefined, "aria-current": lit.length ? "true" : undefined }, ...cells, ...empty);
  };
  const rows = table.rows.map(row);
  const heads = table.rows.filter(({ head }) => head).length;
  return element(
    "div",
    { className: "table", tabIndex: 0, role: "group", "aria-label": /^\W*Table\b/.test(caption) ? caption.trim() : "Table" },
    element("table", {}, element("thead", {}, ...rows.slice(0, heads)), element("tbody", {}, ...rows.slice(heads))),
  );
}

// What the merged cell above a blank one says: the nearest words of the column, if just these are marked.
function inherited(text, above, column, marks) {
  const cells = above.filter(({ head, ruler }) => !head && !ruler).map(({ cells }) => cells[column]).filter(Boolean);
  const printed = cells.map((cell) => within(text, cell)).findLast(({ start, end }) => start < end);
  const marked = printed && marks.some(({ start, end }) => start === printed.start && end === printed.end);
  return marked ? text.slice(printed.start, printed.end) : null;
}

// A cell without its pipes and the blanks around its words.
function within(text, { start, end }) {
  const content = text.slice(start, end);
  const before = /^\|\s*/.exec(content)[0].length;
  const after = /\s*\|?\s*$/.exec(content.slice(before))[0].length;
  return { start: start + before, end: end - after };
}

// above: the words of the merged cell that it belongs to, shown if it has none of its own.
function renderCell(text, cell, { head, marks, above }) {
  const inner = within(text, cell);
  const syntax = (from, to) => (from < to ? element("span", { className: "syntax" }, text.slice(from, to)) : "");
  const blank = inner.start >= inner.end;
  // A header without words would be an empty header, which says nothing to anyone.
  const name = head && !blank ? "th" : "td";
  const properties = blank && above ? { dataset: { above }, title: "Merged cell, printed above" } : {};
  return element(
    name,
    name === "th" ? { scope: "col" } : properties,
    syntax(cell.start, inner.start),
    ...(blank ? [] : words(text, inner, marks)),
    syntax(inner.end, cell.end),
  );
}
