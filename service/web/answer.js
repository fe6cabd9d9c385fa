// An answer: its sentences, each with its citations, what of it did not verify, and what it rests on.

import { citations, found, running, sentences } from "./asking.js";
import { element, link } from "./elements.js";
import { counted, place, shortTitle } from "./places.js";
import { cited } from "./citing.js";
import { secondsUntil } from "./waiting.js";

const MOST_TITLES = 3;

// open(n): shows citation n where it stands. openPassage(id): shows a passage.
export function renderAnswer(turn, { open, openPassage }) {
  if (turn.body?.abstained) return abstention(turn, openPassage);
  const said = sentences(turn);
  const quoted = (turn.body?.mode ?? turn.compose) === "extractive";
  const parts = said.map((sentence, place) => renderSentence(turn, sentence, place, open));
  const pending = element("span", { className: "pending" }, turn.pending);
  if (!quoted) return [element("p", { className: "prose" }, ...spaced(parts), pending)];
  const statements = parts.map((part) => element("p", { className: "statement" }, part));
  return turn.pending || !said.length ? [...statements, element("p", { className: "statement" }, pending)] : statements;
}

// Who wrote it, how fast, and why it is not what was asked for, if it is not.
export function renderManner(turn) {
  const { body } = turn;
  if (!body || body.abstained) return null;
  const model = body.fingerprint?.llm;
  const who = body.mode === "llm" ? `Composed by ${model ?? "a language model"}, each sentence checked` : "The documents’ own sentences";
  const unsupported = body.sentences.filter(({ support }) => support.verdict === "unsupported").length;
  const left = unsupported ? `${counted(unsupported, "sentence")} did not verify` : "";
  return element("p", { className: "manner" }, [who, left, duration(body.timings_ms)].filter(Boolean).join(" · "));
}

export function renderReason(turn) {
  const { body } = turn;
  if (!body?.reason || body.abstained) return null;
  const text = `${body.reason[0].toUpperCase()}${body.reason.slice(1)}.`;
  return element("p", { className: "reason" }, text);
}

export function renderSources(turn, { open }) {
  const listed = citations(turn);
  if (!listed.length) return null;
  return element(
    "ol",
    { className: "sources", "aria-label": "Sources" },
    ...listed.map((citation) => element("li", {}, chip(citation, open), source(citation))),
  );
}

function source(citation) {
  const where = place(citation);
  const studies = citation.references.map((reference) =>
    link(reference.url, cited(reference), { className: "study", title: reference.text }),
  );
  const relation = citation.kind === "reference" ? ", " : ", citing "; // an entry does not cite itself
  return element(
    "span",
    { className: "source" },
    element("cite", {}, shortTitle(citation.document.title)),
    where && ` — ${where}`,
    studies.length ? element("span", { className: "studies" }, relation, ...between(studies, ", ")) : "",
  );
}

function renderSentence(turn, sentence, position, open) {
  const byNumber = new Map(citations(turn).map((citation) => [citation.n, citation]));
  const chips = sentence.citations.filter((n) => byNumber.has(n)).map((n) => chip(byNumber.get(n), open));
  if (sentence.support.verdict === "supported") return element("span", { className: "sentence" }, sentence.text, ...chips);
  return element(
    "span",
    { className: "sentence unsupported" },
    element("span", { className: "claim" }, sentence.text),
    ...chips,
    ...flag(sentence.support, `${turn.at}-${position}`),
  );
}

// Says why on hover, on focus and on press; Escape takes it away.
function flag(support, key) {
  const id = `why-${key}`;
  const why = support.reasons.length ? support.reasons.join("; ") : "the cited words do not say it";
  const button = element("button", {
    type: "button",
    className: "flag",
    textContent: "not verified",
    "aria-describedby": id,
    "aria-expanded": "false",
    onclick: () => button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true")),
    onkeydown: (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      button.setAttribute("aria-expanded", "false");
      button.blur();
    },
  });
  return [button, element("span", { className: "tip", role: "tooltip", id }, `Not supported by its source: ${why}.`)];
}

function chip(citation, open) {
  const label = `Source ${citation.n}: ${shortTitle(citation.document.title)}, ${place(citation)}`;
  return element(
    "button",
    { type: "button", className: "chip", dataset: { n: citation.n }, "aria-label": label, title: label, onclick: () => open(citation.n) },
    String(citation.n),
  );
}

function abstention(turn, openPassage) {
  const nearest = found(turn).passages.slice(0, 3);
  return [
    element("p", { className: "abstention" }, turn.body.answer),
    element("p", { className: "hint" }, hint(found(turn).passages)),
    nearest.length
      ? element("p", { className: "nearest" }, "The nearest that they hold, in case it helps:")
      : element("p", { className: "nearest" }, "Nothing in them comes near it. Other words, or another filter, may help."),
    element(
      "ul",
      { className: "near", "aria-label": "Nearest passages" },
      ...nearest.map((passage) =>
        element(
          "li",
          {},
          element(
            "button",
            { type: "button", className: "near-one", onclick: () => openPassage(passage.id) },
            element("span", { className: "near-place" }, `${shortTitle(passage.document.title)} — ${place(passage)}`),
            element("span", { className: "near-text" }, passage.text),
          ),
        ),
      ),
    ),
  ];
}

// What there is to ask about, as far as can be said of any documents: their titles, and that they have a language.
function hint(passages) {
  const titles = [...new Set(passages.map(({ document }) => `“${shortTitle(document.title)}”`))].slice(0, MOST_TITLES);
  const told = "best asked in the language that they are written in.";
  if (!titles.length) return `The documents are ${told}`;
  return `Among the documents ${titles.length > 1 ? "are" : "is"} ${new Intl.ListFormat("en").format(titles)}. They are ${told}`;
}

// What a screen reader is told once, at the end.
export function summary(turn) {
  if (turn.state === "waiting") return `Needle is busy. The question is asked again in ${counted(secondsUntil(turn.until), "second")}.`;
  if (running(turn)) return "Looking in the documents";
  if (turn.state === "stopped") return "Stopped";
  if (turn.state === "failed") return "";
  if (turn.body.abstained) return `${turn.body.answer} ${counted(turn.body.passages.length, "near passage")} listed.`;
  return `Answered: ${counted(turn.body.sentences.length, "sentence")}, ${counted(turn.body.citations.length, "source")}.`;
}

function duration(timings) {
  const milliseconds = Object.values(timings).reduce((sum, part) => sum + part, 0);
  return milliseconds < 1000 ? `${Math.max(1, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}

function spaced(parts) {
  return parts.flatMap((part) => [part, " "]);
}

function between(parts, separator) {
  return parts.flatMap((part, index) => (index ? [separator, part] : [part]));
}
