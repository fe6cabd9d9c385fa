// What is shown of one job of the service, which adds or removes documents: how far it is, and what became of each file.

import { element, iconButton, say } from "./elements.js";
import { told } from "./failures.js";
import { counted } from "./places.js";

// As the statuses of a file are called here; others there are none.
const FATES = {
  added: "was added",
  present: "was there already",
  changed: "replaces what had its name",
  removed: "was removed",
  failed: "was left out",
};

export class Batch {
  // only(documentId): searches in that document only.
  constructor(title, only) {
    Object.assign(this, { title, only });
    this.step = element("span", { className: "quiet" }, "Sending…");
    this.bar = element("progress", { "aria-label": title });
    this.files = element("ul", {});
    this.close = iconButton("close", `Put “${title}” away`, () => this.element.remove(), { hidden: true });
    const head = element("div", { className: "batch-head" }, element("h2", {}, title), this.step, this.close);
    this.element = element("section", { className: "batch", "aria-label": title }, head, this.bar, this.files);
    say(title);
  }

  // job: as GET /v1/jobs/{id} gives it.
  show({ state, step, done, total }) {
    this.step.textContent = state === "queued" ? "Waiting for others…" : [step ?? "Begun", total ? `${done} of ${total}` : ""].filter(Boolean).join(", ");
    if (total) Object.assign(this.bar, { max: total, value: done });
  }

  ended({ files }) {
    this.files.replaceChildren(...files.map((file) => this.fate(file)));
    const failed = files.filter(({ status }) => status === "failed").length;
    this.end(failed ? `${counted(failed, "file")} of ${files.length} left out` : "Done");
  }

  failed(failure) {
    const { title, detail } = failure.status === 413 ? { title: "That is too much at once", detail: failure.detail } : told(failure);
    this.files.replaceChildren(element("li", { className: "wrong" }, element("strong", {}, `${title}. `), detail));
    this.end(title);
  }

  end(words) {
    this.step.textContent = words;
    this.bar.hidden = true;
    this.close.hidden = false;
    say(`${this.title}: ${words}`);
  }

  fate({ name, status, document_id: id, title, reason }) {
    const about = reason ?? (title && `“${title}”`);
    const search = id && status !== "removed";
    return element(
      "li",
      { className: status === "failed" ? "wrong" : "" },
      element("strong", {}, name),
      ` ${FATES[status]}${about ? `: ${about}` : ""} `,
      search ? element("button", { type: "button", className: "plain", onclick: () => this.only(id) }, "Search only in it") : "",
    );
  }
}
