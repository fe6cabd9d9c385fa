// Which documents and kinds of passages are searched. Nothing ticked means everything.

import { element, iconButton } from "./elements.js";
import { counted, KINDS, shortTitle } from "./places.js";

export class Filters {
  // add(): lets a person choose files. remove(document): removes one, once that is confirmed.
  constructor(box, { add, remove }) {
    Object.assign(this, { box, remove, documents: [], removing: false });
    this.summary = box.querySelector("#filters-state");
    box.addEventListener("change", () => this.show());
    box.querySelector("#filters-clear").addEventListener("click", () => this.clear());
    box.querySelector("#add").addEventListener("click", () => {
      this.close();
      add();
    });
    this.switch = box.querySelector("#removing");
    this.switch.addEventListener("click", () => this.setRemoving(!this.removing));
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.open) return;
      event.stopPropagation();
      this.close();
      box.querySelector("summary").focus();
    });
    document.addEventListener("pointerdown", (event) => {
      if (!box.contains(event.target) && !event.target.closest("dialog")) this.close();
    });
  }

  // documents: as GET /v1/documents lists them.
  offer(documents) {
    const before = this.chosen();
    this.documents = documents;
    const kinds = Object.keys(KINDS).filter((kind) => documents.some(({ passages }) => passages[kind]));
    this.fill("documents", documents.map(({ id, title }) => [id, shortTitle(title)]), before.document_ids);
    this.fill("kinds", kinds.map((kind) => [kind, KINDS[kind]]), before.kinds);
    this.setRemoving(this.removing && documents.length > 0);
    this.switch.hidden = !documents.length;
    this.show();
  }

  // Search in this document only.
  only(id) {
    for (const box of this.box.querySelectorAll("input")) box.checked = box.value === id;
    this.show();
  }

  // Whether each document has a button that removes it.
  setRemoving(removing) {
    this.removing = removing;
    this.switch.setAttribute("aria-pressed", String(removing));
    for (const button of this.box.querySelectorAll("#filter-documents button")) button.remove();
    if (!removing) return;
    for (const [index, row] of [...this.box.querySelectorAll("#filter-documents .option")].entries()) {
      const { id, title } = this.documents[index];
      row.append(iconButton("delete", `Remove “${shortTitle(title)}”`, () => this.remove({ id, title })));
    }
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
      element(
        "div",
        { className: "option" },
        element("label", {}, element("input", { type: "checkbox", value, name, checked: ticked.includes(value) }), element("span", {}, label)),
      ),
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
