// Whether the service can answer: a line says so while it cannot, and goes when it can.

import { Failure, getJSON } from "./api.js";
import { element } from "./elements.js";
import { told } from "./failures.js";

const FIRST_MS = 1500;
const LONGEST_MS = 15_000;

export class Availability {
  // recovered(): called when the service is there again.
  constructor(box, recovered) {
    Object.assign(this, { box, recovered, timer: 0, wait: FIRST_MS });
  }

  // Note a failure; where it is one of the service as a whole, look until it is over.
  note(failure) {
    if (failure.status === 401) return this.show(failure, "", "Enter the key", () => this.recover());
    if (failure.kind !== "unreachable" && failure.status !== 503 && !failure.wait) return;
    this.show(failure, " Looking again by itself. ", "Look now", () => this.look());
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.max(this.wait, failure.wait * 1000));
    this.wait = Math.min(this.wait * 1.6, LONGEST_MS);
  }

  show(failure, comment, label, onclick) {
    const button = element("button", { type: "button", className: "plain", onclick }, label);
    this.box.replaceChildren(element("p", { className: "away" }, element("strong", {}, `${told(failure).title}.`), comment, button));
  }

  async look() {
    clearTimeout(this.timer);
    try {
      await getJSON("/readyz");
    } catch (error) {
      this.note(error instanceof Failure ? error : new Failure("unreachable"));
      return;
    }
    this.recover();
  }

  recover() {
    this.wait = FIRST_MS;
    this.box.replaceChildren();
    this.recovered();
  }
}
