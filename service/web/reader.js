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

function renderTable(text, table, marks, caption) {
  const width = Math.max(...table.rows.map(({ cells }) => cells.length));
  const overlapping = ({ start, end }) => marks.filter((mark) => mark.start < end && start < mark.end);
  const row = (each) => {
    const lit = overlapping(each);
    const strong = lit.some(({ style }) => style === "answer");
    const className = [lit.length && "lit", strong && "answer"].filter(Boolean).join(" ");
    const cells = each.cells.map((cell) => renderCell(text, cell, each.head));
    const empty = Array.from({ length: width - each.cells.length }, () => element("td"));
    return element("tr", { className, hidden: each.ruler, tabIndex: strong ? -1 : undefined, "aria-current": lit.length ? "true" : undefined }, ...cells, ...empty);
  };
  return element(
    "div",
    { className: "table", tabIndex: 0, role: "group", "aria-label": /^\W*Table\b/.test(caption) ? caption.trim() : "Table" },
    element(
      "table",
      {},
      element("thead", {}, ...table.rows.filter(({ head }) => head).map(row)),
      element("tbody", {}, ...table.rows.filter(({ head }) => !head).map(row)),
    ),
  );
}

function renderCell(text, cell, head) {
  const content = text.slice(cell.start, cell.end);
  const before = /^\|\s*/.exec(content)[0].length;
  const after = /\s*\|?\s*$/.exec(content.slice(before))[0].length;
  const inner = { start: cell.start + before, end: cell.end - after };
  const syntax = (from, to) => (from < to ? element("span", { className: "syntax" }, text.slice(from, to)) : "");
  // A header without words would be an empty header, which says nothing to anyone.
  const name = head && inner.start < inner.end ? "th" : "td";
  return element(
    name,
    name === "th" ? { scope: "col" } : {},
    syntax(cell.start, inner.start),
    ...(inner.start < inner.end ? words(text, inner, []) : []),
    syntax(inner.end, cell.end),
  );
}
