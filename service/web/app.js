// The page: asks POST /v1/search and shows what it finds. Text from outside becomes text nodes, never markup.

const form = document.querySelector("#ask");
const input = document.querySelector("#question");
const button = form.querySelector("button");
const status = document.querySelector("#status");
const problemBox = document.querySelector("#problem");
const list = document.querySelector("#passages");

let running = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const question = input.value.trim();
  history.replaceState(null, "", `?q=${encodeURIComponent(question)}`);
  search(question);
});

async function search(question) {
  running?.abort();
  const own = (running = new AbortController());
  begin();
  try {
    show(await ask(question, own.signal));
  } catch (error) {
    if (error.name !== "AbortError") showProblem(error);
  } finally {
    if (running === own) button.disabled = false;
  }
}

async function ask(question, signal) {
  const request = {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ question }),
    signal,
  };
  const response = await fetch("/v1/search", request).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw { title: "The service cannot be reached", detail: "Is it still running? Then try again." };
  });
  const body = await response.json();
  if (!response.ok) throw body;
  return body;
}

function begin() {
  button.disabled = true;
  problemBox.hidden = true;
  status.textContent = "Searching…";
  list.replaceChildren();
}

function show(found) {
  const milliseconds = Object.values(found.timings_ms).reduce((sum, part) => sum + part, 0);
  const count = found.passages.length;
  const counted = `${count} ${count === 1 ? "passage" : "passages"} in ${milliseconds.toFixed(0)} ms`;
  status.textContent = found.answerable
    ? counted
    : `The documents are not likely to answer this. The nearest: ${counted}`;
  list.replaceChildren(...found.passages.map((passage) => element("li", {}, article(passage))));
}

function showProblem(problem) {
  status.textContent = "";
  problemBox.replaceChildren(
    element("h2", {}, problem.title ?? "The page failed"),
    element("p", {}, problem.detail ?? String(problem)),
  );
  problemBox.hidden = false;
}

function article(passage) {
  return element(
    "article",
    {},
    element("h2", {}, `${passage.rank}. ${passage.document.title}`),
    element("p", { className: "place" }, place(passage)),
    passage.table?.row ? tableRow(passage) : element("p", { className: "text" }, ...highlighted(passage)),
    references(passage),
    verbatim(passage),
  );
}

function place({ section, kind, table, page }) {
  const row = table?.row_number ? `${table.label}, row ${table.row_number}` : kind.replace("_", " ");
  return [...section, row, page && `page ${page}`].filter(Boolean).join(" › ");
}

function highlighted({ text, text_highlights: spans }) {
  const characters = Array.from(text); // offsets count code points, not UTF-16 units
  const parts = [];
  let position = 0;
  for (const [start, end] of spans) {
    parts.push(characters.slice(position, start).join(""));
    parts.push(element("mark", {}, characters.slice(start, end).join("")));
    position = end;
  }
  return [...parts, characters.slice(position).join("")];
}

function tableRow({ table }) {
  const cells = Object.entries(table.row).flatMap(([header, value]) => [
    element("dt", {}, header),
    element("dd", {}, value),
  ]);
  return element("figure", {}, element("figcaption", {}, table.caption), element("dl", {}, ...cells));
}

function references(passage) {
  if (!passage.references.length) return "";
  const items = passage.references.map((reference) =>
    element("li", {}, `[${reference.number}] `, entryText(passage, reference), link(reference.url, reference.doi)),
  );
  return element("ul", { className: "references", ariaLabel: "Studies that this passage cites" }, ...items);
}

// A passage that is a bibliography entry has shown its own text already.
function entryText(passage, reference) {
  return passage.kind === "reference" ? "" : `${reference.text} `;
}

function link(url, doi) {
  if (!/^https?:\/\//.test(url ?? "")) return "";
  const label = doi ? `doi:${doi}` : new URL(url).hostname;
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, label);
}

function verbatim(passage) {
  const source = `/v1/documents/${encodeURIComponent(passage.document.id)}/text`;
  return element(
    "details",
    {},
    element("summary", {}, "Verbatim in the document"),
    element("blockquote", {}, passage.cited_text),
    element(
      "p",
      {},
      `Characters ${passage.spans.map(([start, end]) => `${start}–${end}`).join(" and ")} of the `,
      element("a", { href: source }, "document’s text"),
      ".",
    ),
  );
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children); // strings become text nodes
  return made;
}

const asked = new URLSearchParams(location.search).get("q");
if (asked) {
  input.value = asked;
  search(asked);
}
