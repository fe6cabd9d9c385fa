// Where something stands, in words; and what the API's names are called on the page.

export const KINDS = {
  paragraph: "Text",
  list_item: "List items",
  table_row: "Table rows",
  table: "Whole tables",
  reference: "Bibliography entries",
  abbreviations: "Abbreviations",
  front_matter: "Title pages",
};

const KIND = {
  list_item: "list item",
  reference: "bibliography entry",
  abbreviations: "abbreviations",
  front_matter: "title page",
};

// "Prognostication › Table 3, row 9, page 7". item: a passage or a citation.
export function place({ section, table, page, kind, references }) {
  const parts = section.map(readable);
  if (table?.row_number) parts.push(`${table.label}, row ${table.row_number}`);
  else if (table) parts.push(table.caption.split(/[.:] /)[0]);
  else if (kind === "reference" && references.length === 1) parts.push(`entry ${references[0].number}`);
  else if (kind in KIND) parts.push(KIND[kind]);
  const within = parts.join(" › ");
  return page ? [within, `page ${page}`].filter(Boolean).join(", ") : within;
}

// A title for narrow places: what stands before the first colon, unless that says too little.
export function shortTitle(title) {
  const [before] = title.split(": ");
  return before.length > 12 ? before : title;
}

// "STAGING AND TREATMENT" as "Staging and treatment"; words with a lower-case letter stay as they are.
export function readable(heading) {
  if (/\p{Ll}/u.test(heading) || heading.length < 6) return heading;
  const lower = heading.toLowerCase().replace(/\b(?:ai|ct|mri|io|ir|ar|vr)\b/g, (short) => short.toUpperCase());
  return lower[0].toUpperCase() + lower.slice(1);
}

export function counted(count, one, many = `${one}s`) {
  return `${count} ${count === 1 ? one : many}`;
}
