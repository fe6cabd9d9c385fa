// The list of conversations: open, rename, delete, and take the deletion back.

import { element, iconButton } from "./elements.js";
import * as store from "./store.js";

export class Shelf {
  // open(conversation), removed(id), renamed(conversation): what happens then.
  constructor(dialog, handlers) {
    Object.assign(this, { dialog, handlers, rows: dialog.querySelector("ul"), current: null });
    dialog.querySelector("#close-shelf").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // the backdrop
    });
  }

  show(currentId) {
    this.current = currentId;
    const rows = store.list().map((conversation) => this.row(conversation));
    this.rows.replaceChildren(...(rows.length ? rows : [element("li", { className: "quiet" }, "None yet.")]));
    this.dialog.showModal();
  }

  row(conversation) {
    const item = element("li", {});
    const name = element(
      "button",
      {
        type: "button",
        className: "shelf-open",
        "aria-current": conversation.id === this.current ? "true" : undefined,
        onclick: () => {
          this.dialog.close();
          this.handlers.open(store.load(conversation.id));
        },
      },
      element("span", {}, conversation.title),
      element("span", { className: "quiet" }, when(conversation.updated)),
    );
    const { title } = conversation;
    item.replaceChildren(
      name,
      iconButton("rename", `Rename “${title}”`, () => this.rename(item, conversation)),
      iconButton("delete", `Delete “${title}”`, () => this.remove(item, conversation)),
    );
    return item;
  }

  rename(item, conversation) {
    const input = element("input", { type: "text", value: conversation.title, maxLength: 200, "aria-label": "New name" });
    const form = element("form", {}, input, element("button", { type: "submit", className: "plain" }, "Rename"));
    const finish = () => {
      const row = this.row(conversation);
      item.replaceWith(row);
      row.querySelector("button").focus();
    };
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      conversation.title = input.value.trim() || conversation.title;
      store.save(conversation);
      this.handlers.renamed(conversation);
      finish();
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // or the dialog would close
      finish();
    });
    item.replaceChildren(form);
    input.select();
  }

  remove(item, conversation) {
    store.remove(conversation.id);
    this.handlers.removed(conversation.id);
    const undo = element(
      "button",
      {
        type: "button",
        className: "plain",
        onclick: () => {
          store.save(conversation);
          const row = this.row(conversation);
          item.replaceWith(row);
          row.querySelector("button").focus();
        },
      },
      "Undo",
    );
    item.replaceChildren(element("span", { className: "gone" }, `Deleted “${conversation.title}”.`), undo);
    undo.focus();
  }
}

function when(time) {
  const date = new Date(time);
  const today = new Date().toDateString() === date.toDateString();
  const format = today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", year: "numeric" };
  return new Intl.DateTimeFormat(undefined, format).format(date);
}
