// A passage as a card, and what belongs to it: its row as read, the studies that it cites.

import { copyButton } from "./clipboard.js";
import { asBibTeX, referenceAsBibTeX } from "./bibtex.js";
import { element, link } from "./elements.js";
import { place, shortTitle } from "./places.js";
import { asVancouver, referenceAsVancouver } from "./vancouver.js";

const CARD_LEAD = 240; // characters, about three of a card's six lines

// numbers: of the citations that rest on it. open(): shows it in its document.
export function renderCard(passage, numbers, open) {
  const where = place(passage) || "Beginning";
  return element(
    "article",
    { className: "card", dataset: { passage: passage.id } },
    element(
      "header",
      {},
      element("h3", {}, element("button", { type: "button", className: "card-open", onclick: open }, where)),
      ...numbers.map((n) => element("span", { className: "chip still", title: `Source ${n} of the answer` }, String(n))),
    ),
    element("p", { className: "card-document" }, shortTitle(passage.document.title)),
    passage.table?.row ? renderRow(passage.table) : element("p", { className: "card-text" }, ...highlighted(passage)),
    renderScores(passage),
  );
}

// The row as it was read: merged cells filled down, shifted cells under their own header.
export function renderRow(table) {
  const cells = Object.entries(table.row).map(([header, value]) =>
    element("div", {}, element("dt", {}, header), element("dd", {}, value)),
  );
  return element("dl", { className: "row" }, ...cells);
}

// Below the passage in its document: the row as read, and the bibliography entries that its markers name.
// source: the document as GET /v1/documents/{id} gives it.
export function renderNote(passage, source) {
  const entries = passage.kind === "reference" ? [] : passage.references;
  const missing = passage.unresolved_markers ?? [];
  const parts = [];
  if (passage.table?.row) {
    parts.push(element("p", { className: "note-title" }, `${passage.table.label}, row ${passage.table.row_number}, as read`), renderRow(passage.table));
  }
  if (passage.kind === "reference" && passage.references.length === 1) parts.push(renderOwn(source, passage.references[0]));
  if (entries.length) {
    parts.push(
      element("p", { className: "note-title" }, "Studies that this passage cites"),
      element("ol", { className: "studies-list" }, ...entries.map((entry) => renderEntry(source, entry))),
    );
  }
  if (missing.length) {
    const markers = missing.map((n) => `[${n}]`).join(", ");
    parts.push(element("p", { className: "quiet" }, `Its markers ${markers} lead nowhere: the document prints no such entries.`));
  }
  parts.push(
    element(
      "p",
      { className: "copies" },
      element("span", { className: "quiet" }, "Cite this document: "),
      copyButton("Vancouver", () => asVancouver(source)),
      copyButton("BibTeX", () => asBibTeX(source)),
    ),
  );
  return element("section", { className: "note", "aria-label": "About this passage" }, ...parts);
}

function renderEntry(document, entry) {
  const copies = element("span", { className: "copies" }, ...entryCopies(document, entry));
  return element("li", { value: entry.number }, element("span", {}, ...linked(entry), " "), copies);
}

// Of an entry that is the passage itself, and stands above word for word: its address and its copies.
function renderOwn(document, entry) {
  const name = element("span", { className: "quiet" }, `Cite entry ${entry.number}: `);
  const address = entry.url ? element("span", { className: "address" }, link(entry.url, entry.doi ? `doi:${entry.doi}` : entry.url)) : "";
  return element("p", { className: "copies" }, name, ...entryCopies(document, entry), address);
}

function entryCopies(document, entry) {
  return [
    copyButton("Vancouver", () => referenceAsVancouver(entry), { "aria-label": `Copy entry ${entry.number} in Vancouver style` }),
    copyButton("BibTeX", () => referenceAsBibTeX(document, entry), { "aria-label": `Copy entry ${entry.number} as BibTeX` }),
  ];
}

// The entry as printed, its DOI or address a link; one that the text does not hold follows it.
function linked({ text, doi, url }) {
  if (!url) return [text];
  const printed = [doi && `https://doi.org/${doi}`, doi && `doi:${doi}`, doi && `doi: ${doi}`, doi, url].find((each) => each && text.includes(each));
  if (!printed) return [text, " ", link(url, doi ? `doi:${doi}` : url)];
  const at = text.indexOf(printed);
  return [text.slice(0, at), link(url, printed), text.slice(at + printed.length)];
}

function renderScores({ score, scores }) {
  const parts = [["total", score], ...Object.entries(scores ?? {})].filter(([, value]) => typeof value === "number");
  const shown = parts.map(([name, value]) => element("span", {}, `${name} ${value.toFixed(2)}`));
  return element("p", { className: "scores" }, ...shown);
}

// From its beginning, unless what answers would then be out of sight.
function highlighted({ text, text_highlights: spans = [] }) {
  const characters = Array.from(text); // offsets count code points, not UTF-16 units
  const first = spans[0]?.[0] ?? 0;
  const begin = first > CARD_LEAD ? wordStart(characters, first - CARD_LEAD / 2) : 0;
  const parts = begin ? ["… "] : [];
  let position = begin;
  for (const [start, end] of spans) {
    parts.push(characters.slice(position, start).join(""), element("mark", {}, characters.slice(start, end).join("")));
    position = end;
  }
  return [...parts, characters.slice(position).join("")];
}

function wordStart(characters, from) {
  const blank = characters.indexOf(" ", from);
  return blank + 1;
}
