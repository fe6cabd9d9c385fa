// An answer with its sources, as text and as Markdown; and what a study is called in a few words.

import { citations } from "./asking.js";
import { place } from "./places.js";
import { takenApart } from "./printed.js";
import { reached } from "./vancouver.js";

const LONGEST_NAME = 40;

// "Odisio 2025" for a bibliography entry. The year is left out where the entry prints several.
export function cited({ number, text }) {
  const parts = takenApart(text);
  if (parts) return `${parts.authors[0].last} ${parts.year}`;
  const [author] = text.split(/[,.]/);
  const person = /^(\p{Lu}[^\s]*(?:[ -]\p{Lu}?[\p{Ll}'’-][^\s]*)*) \p{Lu}{1,4}$/u.exec(author.trim());
  const name = person ? person[1] : author.trim();
  const years = new Set(text.replace(/\bAccessed [^.]*\./g, "").match(/\b(?:19|20)\d\d\b(?=[.;,)]|$| [A-Z])/g));
  return `${name.length > LONGEST_NAME ? `entry ${number}` : name} ${years.size === 1 ? [...years][0] : ""}`.trim();
}

export function asText(body) {
  const sources = citations({ body }).map((citation) => [`[${citation.n}] ${source(citation)}`, ...studies(citation)].join("\n    "));
  return [body.answer, ...(sources.length ? ["Sources:", sources.join("\n")] : [])].join("\n\n") + "\n";
}

export function asMarkdown(body) {
  const sources = citations({ body }).map((citation) =>
    [
      `${citation.n}. ${inMarkdown(source(citation))}`,
      `   > ${inMarkdown(oneLine(quotation(citation)))}`,
      ...studies(citation).map((study) => `   - ${inMarkdown(study)}`),
    ].join("\n"),
  );
  const parts = [`**${inMarkdown(oneLine(body.question))}**`, inMarkdown(body.answer)];
  if (sources.length) parts.push("Sources:", sources.join("\n"));
  return parts.join("\n\n") + "\n";
}

// The cited words with " … " wherever the document has others between them. Of a citation or a passage.
export function quotation({ cited_text: text, spans }) {
  const characters = Array.from(text); // offsets count code points; the words of the spans are joined by one blank
  let position = 0;
  const parts = spans.map(([start, end], index) => {
    const words = characters.slice(position, (position += end - start)).join("");
    position += 1;
    return (index ? (start > spans[index - 1][1] + 1 ? " … " : " ") : "") + words;
  });
  return parts.join("");
}

function source(citation) {
  const { document } = citation;
  const where = [place(citation), reached(document)].filter(Boolean).join(", ");
  return where ? `${document.title} — ${where}` : document.title;
}

function studies({ kind, references }) {
  if (kind === "reference") return []; // the entry itself, which is quoted
  return references.map(({ number, text, url, doi }) => {
    const shown = doi ? text.includes(doi) : text.includes(url);
    return `cites ${number}: ${text}${url && !shown ? ` ${url}` : ""}`;
  });
}

function inMarkdown(text) {
  return text.replace(/[\\`*_<>|#~[\]]/g, "\\$&").replace(/\\\[(\d+)\\\]/g, "[$1]"); // markers stay as they are
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
