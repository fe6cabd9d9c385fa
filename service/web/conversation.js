// The left side: the turns of one conversation, each brought up to date as its answer comes.

import { renderAnswer, renderManner, renderReason, renderSources, summary } from "./answer.js";
import { citations, found, running, sentences } from "./asking.js";
import { asMarkdown, asText } from "./citing.js";
import { copyButton } from "./clipboard.js";
import { element, say } from "./elements.js";
import { told } from "./failures.js";
import { counted } from "./places.js";

export class Conversation {
  // handlers: openCitation(turn, n), openPassage(turn, id), showPassages(turn), again(turn).
  constructor(box, handlers) {
    Object.assign(this, { box, handlers, views: new Map() });
  }

  show(turns) {
    this.views.clear();
    this.box.replaceChildren();
    turns.forEach((turn) => this.add(turn));
  }

  add(turn) {
    const parts = Object.fromEntries(["searched", "body", "notice", "tail"].map((name) => [name, element("div", { className: name })]));
    const box = element(
      "article",
      { className: "turn" },
      element("h2", {}, turn.question),
      turn.within ? element("p", { className: "within" }, `Only in: ${turn.within}`) : "",
      ...Object.values(parts),
    );
    this.box.append(box);
    this.views.set(turn, { box, ...parts });
    this.update(turn, "ended");
    return box;
  }

  // Bring `turn` to the top and say that it has begun.
  begin(turn) {
    this.views.get(turn).box.scrollIntoView({ block: "start" });
    say(summary(turn));
  }

  // what: "delta" (only more unverified text), or anything else.
  update(turn, what) {
    const view = this.views.get(turn);
    if (!view) return;
    const pending = view.body.querySelector(".pending");
    if (what === "delta" && pending) {
      pending.textContent = turn.pending;
      return;
    }
    const focused = view.box.contains(document.activeElement) ? document.activeElement.dataset.n : undefined;
    view.box.setAttribute("aria-busy", String(running(turn)));
    view.searched.replaceChildren(...this.searched(turn));
    view.body.replaceChildren(...this.body(turn));
    view.notice.replaceChildren(...this.notice(turn));
    view.tail.replaceChildren(...this.tail(turn));
    if (focused) view.box.querySelector(`.chip[data-n="${focused}"]`)?.focus({ preventScroll: true });
  }

  // Light the chips of what is open on the right.
  mark({ turn, passageId, n }) {
    for (const chip of this.box.querySelectorAll(".chip[aria-current]")) chip.removeAttribute("aria-current");
    if (!turn || !passageId) return;
    const open = citations(turn).filter((each) => each.passage_id === passageId && (n === null || each.n === n));
    for (const { n: number } of open) {
      for (const chip of this.views.get(turn)?.box.querySelectorAll(`.chip[data-n="${number}"]`) ?? []) chip.setAttribute("aria-current", "true");
    }
  }

  searched(turn) {
    const { standalone_question: standalone, question } = found(turn) ?? {};
    if (!standalone || standalone === question) return [];
    const again = () => this.handlers.again(Object.assign(turn, { alone: true }));
    const alone = element("button", { type: "button", className: "plain", title: "Ask without what was said before", onclick: again }, "Ask as it stands");
    return [element("p", { className: "standalone" }, "Searched for: ", element("q", {}, standalone), running(turn) ? "" : alone)];
  }

  body(turn) {
    const said = sentences(turn).length || turn.pending || turn.body;
    if (said) return renderAnswer(turn, this.openers(turn));
    return running(turn) ? [element("p", { className: "waiting" }, found(turn) ? "Reading…" : "Looking in the documents…")] : [];
  }

  notice(turn) {
    if (turn.state === "failed") {
      const { title, detail } = told(turn.failure);
      return [element("div", { className: "failure", role: "alert" }, element("h3", {}, title), element("p", {}, detail), this.again(turn, "Try again"))];
    }
    if (turn.state === "stopped") return [element("p", { className: "stopped" }, "Stopped. ", this.again(turn, "Ask again"))];
    return [];
  }

  tail(turn) {
    const passages = found(turn)?.passages ?? [];
    const actions = [];
    if (passages.length) {
      actions.push(element("button", { type: "button", className: "plain to-evidence", onclick: () => this.handlers.showPassages(turn) }, counted(passages.length, "passage")));
    }
    if (turn.body) {
      const address = () => `${location.origin}/?q=${encodeURIComponent(turn.body.standalone_question)}`;
      actions.push(
        copyButton("Copy", () => asText(turn.body), { title: "As text with its sources" }),
        copyButton("Markdown", () => asMarkdown(turn.body), { title: "Copy as Markdown" }),
        copyButton("Link", address, { title: "Copy a link to this question" }),
      );
    }
    const row = actions.length ? element("div", { className: "actions" }, ...actions) : null;
    const parts = running(turn) ? [] : [renderSources(turn, this.openers(turn)), renderReason(turn), renderManner(turn)];
    return [...parts, row].filter(Boolean);
  }

  again(turn, label) {
    return element("button", { type: "button", className: "solid", onclick: () => this.handlers.again(turn) }, label);
  }

  openers(turn) {
    return {
      open: (n) => this.handlers.openCitation(turn, n),
      openPassage: (id) => this.handlers.openPassage(turn, id),
    };
  }
}
