// Which documents and kinds of passages are searched. Nothing ticked means everything.

import { element } from "./elements.js";
import { counted, KINDS, shortTitle } from "./places.js";

export class Filters {
  constructor(box) {
    this.box = box;
    this.documents = [];
    this.summary = box.querySelector("#filters-state");
    box.addEventListener("change", () => this.show());
    box.querySelector("#filters-clear").addEventListener("click", () => this.clear());
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      event.stopPropagation();
      this.close();
      box.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!box.contains(event.target)) this.close();
    });
  }

  // documents: as GET /v1/documents lists them.
  offer(documents) {
    const before = this.chosen();
    this.documents = documents;
    const kinds = Object.keys(KINDS).filter((kind) => documents.some(({ passages }) => passages[kind]));
    this.fill("documents", documents.map(({ id, title }) => [id, shortTitle(title)]), before.document_ids);
    this.fill("kinds", kinds.map((kind) => [kind, KINDS[kind]]), before.kinds);
    this.show();
  }

  // As the request wants it: a field that does not restrict is left out.
  chosen() {
    const document_ids = this.ticked("documents");
    const kinds = this.ticked("kinds");
    return { ...(document_ids.length && { document_ids }), ...(kinds.length && { kinds }) };
  }

  // In words; "" for everything.
  words({ document_ids = [], kinds = [] }) {
    const titles = document_ids.map((id) => this.documents.find((each) => each.id === id)?.title ?? id).map(shortTitle);
    return [titles.join(", "), kinds.map((kind) => KINDS[kind].toLowerCase()).join(", ")].filter(Boolean).join(" · ");
  }

  clear() {
    for (const box of this.box.querySelectorAll("input:checked")) box.checked = false;
    this.show();
  }

  close() {
    this.box.open = false;
  }

  fill(name, options, ticked = []) {
    const labels = options.map(([value, label]) =>
      element("label", {}, element("input", { type: "checkbox", value, name, checked: ticked.includes(value) }), element("span", {}, label)),
    );
    this.box.querySelector(`#filter-${name}`).replaceChildren(...labels);
  }

  ticked(name) {
    return [...this.box.querySelectorAll(`#filter-${name} input:checked`)].map(({ value }) => value);
  }

  show() {
    const { document_ids = [], kinds = [] } = this.chosen();
    const documents = document_ids.length === 1 ? this.words({ document_ids }) : counted(document_ids.length, "document");
    const parts = [document_ids.length ? documents : "All documents"];
    if (kinds.length) parts.push(kinds.length === 1 ? KINDS[kinds[0]].toLowerCase() : counted(kinds.length, "kind"));
    this.summary.textContent = parts.join(" · ");
    this.box.classList.toggle("restricts", document_ids.length + kinds.length > 0);
  }
}
