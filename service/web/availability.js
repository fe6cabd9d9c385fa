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
    if (failure.kind !== "unreachable" && failure.status !== 503) return;
    const { title } = told(failure);
    const again = element("button", { type: "button", className: "plain", onclick: () => this.look() }, "Look now");
    this.box.replaceChildren(element("p", { className: "away" }, element("strong", {}, title), ". Looking again by itself. ", again));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), this.wait);
    this.wait = Math.min(this.wait * 1.6, LONGEST_MS);
  }

  async look() {
    clearTimeout(this.timer);
    try {
      await getJSON("/readyz");
    } catch (error) {
      this.note(error instanceof Failure ? error : new Failure("unreachable"));
      return;
    }
    this.wait = FIRST_MS;
    this.box.replaceChildren();
    this.recovered();
  }
}
