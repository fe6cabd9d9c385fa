// The right side: the passages found for one turn; choosing one opens its document at the place.

import { Failure } from "./api.js";
import { citations, found } from "./asking.js";
import { quotation } from "./citing.js";
import { element, iconButton, say } from "./elements.js";
import { told } from "./failures.js";
import { renderCard, renderNote } from "./passages.js";
import { counted, place } from "./places.js";
import { readDocument, renderDocument, wordsAt } from "./reader.js";

export class Evidence {
  // changed({turn, passageId, n}): what is open now, so that the conversation can show it.
  constructor(box, changed) {
    Object.assign(this, { box, changed, turn: null, index: -1, n: null, scores: false });
    this.back = null; // the element that had the focus before
    matchMedia("(max-width: 56rem)").addEventListener("change", () => this.close());
    this.list();
  }

  // The passages of `turn`, as a list.
  show(turn) {
    this.turn = turn;
    this.box.replaceChildren();
    this.list();
  }

  // More of the same turn has come: citation numbers, mostly.
  refresh(turn) {
    if (turn === this.turn && this.index < 0) this.list();
  }

  clear() {
    this.turn = null;
    this.close();
    this.list();
  }

  openCitation(turn, n) {
    const citation = citations(turn).find((each) => each.n === n);
    if (citation) this.openPassage(turn, citation.passage_id, n);
  }

  openPassage(turn, passageId, n = null) {
    this.turn = turn;
    const index = this.passages().findIndex(({ id }) => id === passageId);
    if (index < 0) return;
    this.back = document.activeElement;
    this.open(index, n, true);
  }

  // by: 1 for the next, -1 for the one before.
  step(by) {
    const count = this.passages().length;
    if (!count) return;
    const from = this.index < 0 && by < 0 ? 0 : this.index;
    this.open((from + by + count) % count, null, this.box.contains(document.activeElement));
  }

  // On a narrow screen: takes the sheet away. True if there was anything to close.
  close() {
    const wasOpen = document.body.classList.contains("sheet");
    document.body.classList.remove("sheet");
    this.setAround(false);
    if (wasOpen) this.back?.focus();
    return wasOpen;
  }

  reveal() {
    document.body.classList.add("sheet");
    this.setAround(getComputedStyle(this.box).position === "fixed");
  }

  // Escape: first from the document to the list, then from the sheet to the conversation.
  escape() {
    if (this.index < 0 || this.isSheet()) return this.close();
    const { back } = this;
    this.list();
    if (back?.isConnected) back.focus();
    return true;
  }

  isSheet() {
    return document.body.classList.contains("sheet") && getComputedStyle(this.box).position === "fixed";
  }

  // What lies below the sheet can neither be reached nor read while it is open.
  setAround(inert) {
    for (const part of document.querySelectorAll("header.bar, main")) part.inert = inert;
  }

  passages() {
    return found(this.turn ?? {})?.passages ?? [];
  }

  numbers(passage) {
    return citations(this.turn).filter(({ passage_id }) => passage_id === passage.id).map(({ n }) => n);
  }

  list() {
    Object.assign(this, { index: -1, n: null });
    const passages = this.passages();
    this.changed({ turn: this.turn, passageId: null, n: null });
    if (!passages.length) {
      this.box.replaceChildren(this.head("Evidence"), this.nothing());
      return;
    }
    const cards = passages.map((passage, index) =>
      element("li", {}, renderCard(passage, this.numbers(passage), () => {
        this.back = null;
        this.open(index, null, true);
      })),
    );
    const toggle = element("button", { type: "button", className: "plain", "aria-pressed": String(this.scores), onclick: () => this.toggleScores() }, "Scores");
    const scrolled = this.box.querySelector(".pane:not(.reading)")?.scrollTop ?? 0;
    const list = element("ol", { className: "cards", "aria-label": "Passages found" }, ...cards);
    list.classList.toggle("with-scores", this.scores);
    this.box.replaceChildren(this.head(counted(passages.length, "passage"), toggle), element("div", { className: "pane" }, list));
    this.box.querySelector(".pane").scrollTop = scrolled;
  }

  toggleScores() {
    this.scores = !this.scores;
    this.list();
    this.box.querySelector("[aria-pressed]").focus();
  }

  async open(index, n, focus) {
    Object.assign(this, { index, n });
    const passage = this.passages()[index];
    const { turn } = this;
    this.reveal();
    this.changed({ turn, passageId: passage.id, n });
    const pane = element("div", { className: "pane reading", tabIndex: 0, role: "region", "aria-label": "Document", "aria-busy": "true" });
    const { document: source } = passage;
    this.box.replaceChildren(
      this.head(`${index + 1} of ${this.passages().length}`),
      element("div", { className: "reading-head" }, element("h3", {}, source.title), element("p", { className: "quiet" }, place(passage))),
      pane,
    );
    if (focus) this.box.querySelector(".to-list").focus();
    try {
      const opened = await readDocument(source.id, found(turn).index.generation);
      if (this.index === index && this.turn === turn && pane.isConnected) this.showDocument(pane, opened, passage, n, focus);
    } catch (error) {
      if (pane.isConnected) this.showFailure(pane, error);
    }
    pane.removeAttribute("aria-busy");
  }

  showDocument(pane, opened, passage, n, focus) {
    const own = citations(this.turn).filter((each) => (n === null ? each.passage_id === passage.id : each.n === n));
    const answer = own.length ? own.flatMap(({ spans }) => spans) : (passage.highlights ?? []);
    // After the index was built anew an old answer's offsets may lead elsewhere; then its words are shown instead.
    if (wordsAt(opened, passage.spans) !== passage.cited_text) {
      pane.replaceChildren(
        element("p", { className: "away" }, "The document has changed since this answer was given. These were its words:"),
        element("blockquote", {}, quotation(passage)),
        renderNote(passage, opened.about),
      );
      return;
    }
    pane.replaceChildren(renderDocument(opened, { passage: passage.spans, answer, note: renderNote(passage, opened.about) }));
    // A row before the merged cells that it inherits, which are marked further up.
    const target = ["tr.answer", "mark.answer", "tr.lit", "mark"].map((each) => pane.querySelector(each)).find(Boolean);
    target?.scrollIntoView({ block: "center", inline: "nearest" });
    // Of a table its caption and, below it, the row as read are in view too, if there is room for them and the row.
    target?.closest(".table")?.scrollIntoView({ block: "start" });
    target?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focus) target?.focus({ preventScroll: true });
    else say(`${place(passage)}: ${passage.text}`);
  }

  showFailure(pane, error) {
    const { title, detail } = told(error instanceof Failure ? error : new Failure("problem", { title: String(error) }));
    const again = element("button", { type: "button", className: "solid", onclick: () => this.open(this.index, this.n, true) }, "Try again");
    pane.replaceChildren(element("div", { className: "failure", role: "alert" }, element("h4", {}, title), element("p", {}, detail), again));
  }

  head(title, ...more) {
    const reading = this.index >= 0;
    const several = this.passages().length > 1;
    const back = iconButton("back", "All passages", () => this.list(), { className: "icon-button to-list" });
    return element(
      "div",
      { className: reading ? "evidence-head with-back" : "evidence-head" },
      reading ? back : "",
      element("h2", {}, title),
      ...more,
      several ? iconButton("up", "Previous passage (Alt + ↑)", () => this.step(-1), { "aria-keyshortcuts": "Alt+ArrowUp" }) : "",
      several ? iconButton("down", "Next passage (Alt + ↓)", () => this.step(1), { "aria-keyshortcuts": "Alt+ArrowDown" }) : "",
      iconButton("close", "Back to the conversation", () => this.close(), { className: "icon-button to-conversation" }),
    );
  }

  nothing() {
    const text = this.turn && found(this.turn) ? "No passage was found." : "The passages that an answer rests on appear here, each one where it stands in its document.";
    return element("p", { className: "nothing" }, text);
  }
}
