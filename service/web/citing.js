// Citations and answers as text: with sources, as Markdown, as BibTeX, in Vancouver style.

import { place } from "./places.js";

// "Odisio 2025" for a bibliography entry.
export function cited({ number, text }) {
  const [author] = text.split(/[,.]/);
  const person = /^(\p{Lu}[^\s]*(?:[ -]\p{Lu}?[\p{Ll}'’-][^\s]*)*) \p{Lu}{1,4}$/u.exec(author.trim());
  const name = person ? person[1] : author.trim();
  const years = text.match(/\b(?:19|20)\d\d\b/g) ?? [];
  return `${name.length > 40 ? `entry ${number}` : name} ${years[0] ?? ""}`.trim();
}

export function asText(body) {
  const sources = body.citations.map((citation) => [`[${citation.n}] ${source(citation)}`, ...studies(citation)].join("\n    "));
  return [body.answer, ...(sources.length ? ["Sources:", sources.join("\n")] : [])].join("\n\n") + "\n";
}

export function asMarkdown(body) {
  const sources = body.citations.map((citation) =>
    [
      `${citation.n}. ${inMarkdown(source(citation))}`,
      `   > ${inMarkdown(oneLine(citation.cited_text))}`,
      ...studies(citation).map((study) => `   - ${inMarkdown(study)}`),
    ].join("\n"),
  );
  const parts = [`**${inMarkdown(body.question)}**`, inMarkdown(body.answer)];
  if (sources.length) parts.push("Sources:", sources.join("\n"));
  return parts.join("\n\n") + "\n";
}

// "Lim HPD, Horton KM. Title. Publisher; 2017. doi:…"; what a document does not state is left out.
export function asVancouver(document) {
  const authors = document.authors.slice(0, 6).map(vancouverName);
  if (document.authors.length > 6) authors.push("et al");
  const year = document.date?.slice(0, 4) ?? "[date unknown]";
  const published = document.publisher ? `${document.publisher}; ${year}` : year;
  const reached = address(document); // a full stop behind it would become part of it
  const parts = [authors.join(", "), document.title, published, reached].filter(Boolean);
  return parts.map((part) => (/[.?!]$/.test(part) || part === reached ? part : `${part}.`)).join(" ") + "\n";
}

export function asBibTeX(document) {
  const [year, month] = document.date?.split("-") ?? [];
  return entry(document.id, {
    author: document.authors.map(inBibTeX).join(" and "),
    title: document.title && `{${inBibTeX(document.title)}}`,
    publisher: inBibTeX(document.publisher ?? ""),
    year,
    month: month && String(Number(month)),
    doi: document.doi,
    url: document.url,
  });
}

// An entry of a bibliography is given as printed: taking it apart by rules would make mistakes.
export function referenceAsBibTeX(document, reference) {
  const years = reference.text.match(/\b(?:19|20)\d\d\b/g) ?? [];
  return entry(`${document.id}-${reference.number}`, {
    note: inBibTeX(reference.text),
    year: years[0],
    doi: reference.doi,
    url: reference.url,
  });
}

function entry(key, fields) {
  const lines = Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `  ${name} = {${value}}`);
  return `@misc{${key.replace(/[^\w:-]/g, "-")},\n${lines.join(",\n")}\n}\n`;
}

function source(citation) {
  const { document } = citation;
  const where = [place(citation), address(document)].filter(Boolean).join(", ");
  return where ? `${document.title} — ${where}` : document.title;
}

function studies({ references }) {
  return references.map(({ number, text, url, doi }) => {
    const shown = doi ? text.includes(doi) : text.includes(url);
    return `cites ${number}: ${text}${url && !shown ? ` ${url}` : ""}`;
  });
}

function address({ doi, url }) {
  return doi ? `doi:${doi}` : (url ?? "");
}

// "Hwa-Pyung David Lim" as "Lim HPD", "Ludwig van Beethoven" as "van Beethoven L".
function vancouverName(name) {
  const words = name.split(/\s+/);
  let first = words.length - 1;
  while (first > 1 && /^\p{Ll}/u.test(words[first - 1])) first -= 1;
  const initials = words.slice(0, first).flatMap((word) => word.split("-")).map((part) => part[0]?.toUpperCase() ?? "");
  return [words.slice(first).join(" "), initials.join("")].filter(Boolean).join(" ");
}

const BIBTEX = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };

function inBibTeX(text) {
  return text.replace(/[\\~^]|[&%$#_{}]/g, (character) => BIBTEX[character] ?? `\\${character}`);
}

function inMarkdown(text) {
  return text.replace(/[\\`*_<>|#~]/g, "\\$&");
}

function oneLine(text) {
  return text.replace(/\s+/g, " ").trim();
}
