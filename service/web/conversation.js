// The left side: the turns of one conversation, each brought up to date as its answer comes.

import { renderAnswer, renderManner, renderReason, renderSources, summary } from "./answer.js";
import { citations, found, hasten, running, sentences } from "./asking.js";
import { asMarkdown, asText } from "./citing.js";
import { copyButton } from "./clipboard.js";
import { element, say } from "./elements.js";
import { told } from "./failures.js";
import { counted } from "./places.js";
import { renderWait } from "./waiting.js";

const LONG_QUESTION = 280; // characters, some five lines

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
      heading(turn.question),
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
    return [element("p", { className: "standalone" }, "Searched for: ", element("q", {}, standalone), " ", running(turn) ? "" : alone)];
  }

  body(turn) {
    const said = sentences(turn).length || turn.pending || turn.body;
    if (turn.state === "waiting") return [];
    if (said) return renderAnswer(turn, this.openers(turn));
    return running(turn) ? [element("p", { className: "waiting" }, found(turn) ? "Reading…" : "Looking in the documents…")] : [];
  }

  notice(turn) {
    if (turn.state === "failed") {
      const { title, detail } = told(turn.failure);
      const locked = turn.failure.status === 401;
      const again = this.again(turn, locked ? "Enter the key" : "Try again");
      return [element("div", { className: locked ? "failure calm" : "failure", role: "alert" }, element("h3", {}, title), element("p", {}, detail), again)];
    }
    if (turn.state === "waiting") return [renderWait(turn.until, () => hasten(turn))];
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
        copyButton("Copy", () => asText(turn.body), { title: "Copy as text with its sources" }),
        copyButton("Copy Markdown", () => asMarkdown(turn.body), { title: "Copy as Markdown with its sources" }),
        copyButton("Copy link", address, { title: "Copy a link to this question" }),
      );
    }
    const row = actions.length ? element("div", { className: "actions" }, ...actions) : null;
    const parts = running(turn) ? [] : [renderSources(turn, this.openers(turn)), this.reason(turn), renderManner(turn)];
    return [...parts, row].filter(Boolean);
  }

  reason(turn) {
    const reason = renderReason(turn);
    // A model was asked and did not write it; it may be there again.
    if (reason && turn.compose !== "extractive") reason.append(" ", this.again(turn, "Try again"));
    return reason;
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

// A long question is folded, so that its answer is in sight.
function heading(question) {
  if (question.length <= LONG_QUESTION && question.split("\n").length < 5) return element("h2", {}, question);
  const name = element("h2", { className: "long" }, question);
  const unfold = element("button", { type: "button", className: "plain unfold", "aria-expanded": "false" }, "Whole question");
  unfold.addEventListener("click", () => {
    const open = name.classList.toggle("unfolded");
    unfold.setAttribute("aria-expanded", String(open));
    unfold.textContent = open ? "Fold" : "Whole question";
  });
  return element("header", {}, name, unfold);
}
