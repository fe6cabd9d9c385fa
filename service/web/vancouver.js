// A document or a bibliography entry in Vancouver style. What is not known is left out; nothing is guessed.

import { takenApart } from "./printed.js";

const MOST_AUTHORS = 6; // then "et al", as the style has it

// "Lim HPD, Horton KM. Title. Publisher; 2017. doi:…"
export function asVancouver(document) {
  const published = [document.publisher, document.date?.slice(0, 4) ?? "[date unknown]"].filter(Boolean).join("; ");
  return sentences([named(document.authors.map(shortName)), document.title, published], reached(document));
}

// "Park JE, Kim HS, et al. Title. Korean J Radiol. 2019;20(7):1124-1137. doi:…", else as printed.
export function referenceAsVancouver(reference) {
  const parts = takenApart(reference.text);
  if (!parts) return `${reference.text}\n`;
  const { authors, more, title, journal, year, volume, number, pages } = parts;
  const names = named(authors.map(({ last, initials, suffix }) => [last, initials, suffix].filter(Boolean).join(" ")), more);
  return sentences([names, title, journal, `${year};${volume}${number && `(${number})`}:${pages}`], reached(reference));
}

export function reached({ doi, url }) {
  return doi ? `doi:${doi}` : (url ?? "");
}

function named(names, more = false) {
  const shown = names.slice(0, MOST_AUTHORS);
  return [...shown, ...(more || names.length > MOST_AUTHORS ? ["et al"] : [])].join(", ");
}

// No full stop behind the address: it would become part of it.
function sentences(parts, address) {
  const ended = parts.filter(Boolean).map((part) => (/[.?!]$/.test(part) ? part : `${part}.`));
  return `${[...ended, address].filter(Boolean).join(" ")}\n`;
}

// "Hwa-Pyung David Lim" as "Lim HPD", "Ludwig van Beethoven" as "van Beethoven L".
function shortName(name) {
  const words = name.split(/\s+/);
  let first = words.length - 1;
  while (first > 1 && /^\p{Ll}/u.test(words[first - 1])) first -= 1;
  const initials = words.slice(0, first).flatMap((word) => word.split("-")).map((part) => part[0]?.toUpperCase() ?? "");
  return [words.slice(first).join(" "), initials.join("")].filter(Boolean).join(" ");
}
