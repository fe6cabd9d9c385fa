// What is shown of one job of the service, which adds or removes documents: how far it is, and what became of each file.

import { element, iconButton, say } from "./elements.js";
import { told } from "./failures.js";
import { counted } from "./places.js";

const FATES = { added: "was added", unchanged: "was there already", removed: "was removed", failed: "could not be read" };

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

  // job: {state, step, done, total, files: [{name, status, document_id, detail}]}
  show({ step, done, total, files = [] }) {
    this.step.textContent = [step, total ? `${done} of ${total}` : ""].filter(Boolean).join(", ");
    if (total) Object.assign(this.bar, { max: total, value: done });
    this.files.replaceChildren(...files.filter(({ status }) => status in FATES).map((file) => this.fate(file)));
  }

  ended(job) {
    this.show(job);
    const failed = job.files.filter(({ status }) => status === "failed").length;
    this.end(failed ? `${counted(failed, "file")} could not be read` : "Done");
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

  fate({ name, status, document_id: id, detail }) {
    const search = id && status !== "failed" && status !== "removed";
    return element(
      "li",
      { className: status === "failed" ? "wrong" : "" },
      element("strong", {}, name),
      ` ${FATES[status]}${detail ? `: ${detail}` : ""} `,
      search ? element("button", { type: "button", className: "plain", onclick: () => this.only(id) }, "Search only in it") : "",
    );
  }
}
