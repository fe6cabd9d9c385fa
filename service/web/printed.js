// A printed bibliography entry, taken apart; only where it is of one of two forms to its last character, and can be
// read in one way alone:
//   Park JE, Kim HS, et al. Title. Korean J Radiol. 2019 Jul;20(7):1124-1137. Published 2019 Jul 1. doi:10.3348/…
//   Sorin V, Klang E. Title. npj Breast Cancer 9, 44 (2023). doi:10.1038/…

const AUTHOR = /^(?<last>\p{L}[\p{L}'’-]*(?: \p{L}[\p{L}'’-]*){0,3}) (?<initials>\p{Lu}{1,4})(?: (?<suffix>Jr|Sr|2nd|3rd|4th))?$/u;
const NUMBERS = /^(?<year>\d{4})(?: \p{L}{3}(?: \d{1,2})?)?; ?(?<volume>\d+)(?:\((?<number>[^()]+)\))?:(?<pages>[\w.–-]+?)(?:\.? (?<rest>.*)|\.?)$/u;
const IN_BRACKETS = /^(?<journal>.+) (?<volume>\d+), (?<pages>[\w–-]+) \((?<year>\d{4})\)\.?(?: (?<rest>.*))?$/u;
const REST = /^(?:(?:(?:Published|Epub) \d{4}(?: \p{L}{3}(?: \d{1,2})?)?\.|doi: ?10\.\S+|https?:\/\/\S+|PMID: \d+[.;]?|PMCID: PMC\d+\.?)(?: |$))*$/iu;

// {authors: [{last, initials, suffix}], more, title, journal, year, volume, number, pages}; null where anything is in doubt.
// more: whether "et al" stands behind the authors. number: of the issue, "" if none is printed.
export function takenApart(text) {
  const [people, ...parts] = text.trim().split(/(?<=\S[.?!]) (?=\S)/);
  const names = people.replace(/\.$/, "").split(", ");
  const more = names.at(-1) === "et al";
  const authors = (more ? names.slice(0, -1) : names).map((name) => AUTHOR.exec(name)?.groups);
  if (!authors.length || authors.includes(undefined) || parts.length < 2) return null;
  const numbers = ended(parts[0], parts[1], parts.slice(2).join(" ")) ?? inBrackets(parts[0], parts.slice(1).join(" "));
  return numbers && { authors, more, ...numbers };
}

function ended(title, journal, behind) {
  const found = NUMBERS.exec(behind)?.groups;
  if (!found || !journal.endsWith(".") || !REST.test(found.rest ?? "")) return null;
  return parted(title, journal.slice(0, -1), found);
}

function inBrackets(title, behind) {
  const found = IN_BRACKETS.exec(behind)?.groups;
  // A full stop in the journal's name may as well be the end of the title.
  if (!found || /[.?!]/.test(found.journal) || !REST.test(found.rest ?? "")) return null;
  return parted(title, found.journal, found);
}

function parted(title, journal, { year, volume, number = "", pages }) {
  return { title: title.replace(/\.$/, ""), journal, year, volume, number, pages };
}
