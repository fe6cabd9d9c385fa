// A document or a bibliography entry as BibTeX. What is not known is left out; nothing is guessed.

import { takenApart } from "./printed.js";

export function asBibTeX(document) {
  const [year, month] = document.date?.split("-") ?? [];
  return entry("misc", document.id, {
    author: document.authors.map((name) => inBraces(name)).join(" and "),
    title: document.title && `{${escaped(document.title)}}`,
    publisher: document.publisher && escaped(document.publisher),
    year,
    month: month && String(Number(month)),
    ...reached(document),
  });
}

// An entry that cannot be taken apart with certainty is given whole, as printed.
export function referenceAsBibTeX(document, reference) {
  const parts = takenApart(reference.text);
  const key = `${document.id}-${reference.number}`;
  if (!parts) return entry("misc", key, { note: escaped(reference.text), ...reached(reference) });
  const authors = parts.authors.map(asName);
  return entry("article", key, {
    author: (parts.more ? [...authors, "others"] : authors).join(" and "),
    title: `{${escaped(parts.title)}}`,
    journal: escaped(parts.journal),
    year: parts.year,
    volume: parts.volume,
    number: escaped(parts.number),
    pages: parts.pages.replace(/[–-]/g, "--"),
    ...reached(reference),
  });
}

// "D'Amore B" as "D'Amore, B.", "Park JE" as "Park, J. E.": initials that run together would count as one.
function asName({ last, initials, suffix }) {
  const spaced = Array.from(initials, (initial) => `${initial}.`).join(" ");
  return [last, suffix, spaced].filter(Boolean).map(escaped).join(", ");
}

// BibTeX takes a name with "and" in it for two, and one with a comma for last and first.
function inBraces(name) {
  return /\band\b|,/.test(name) ? `{${escaped(name)}}` : escaped(name);
}

function entry(kind, key, fields) {
  const lines = Object.entries(fields)
    .filter(([, value]) => value)
    .map(([name, value]) => `  ${name} = {${value}}`);
  return `@${kind}{${key.replace(/[^\w:-]/g, "-")},\n${lines.join(",\n")}\n}\n`;
}

const SPELT = { "\\": "\\textbackslash{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };

function escaped(text) {
  return text.replace(/[\\~^&%$#_{}]/g, (character) => SPELT[character] ?? `\\${character}`);
}

// The address of a DOI is not given twice.
function reached({ doi, url }) {
  return { doi: address(doi), url: doi && url?.endsWith(doi) ? "" : address(url) };
}

// Styles print addresses as they stand; only a brace or a backslash would do harm.
function address(text) {
  return text?.replace(/[{}\\\s]/g, encodeURIComponent);
}
