// The question box: it grows, Enter asks, Shift+Enter breaks the line, and its button stops a running answer.

import { icon } from "./elements.js";

export class Composer {
  // ask(question), stop(): what happens then.
  constructor(form, { ask, stop }) {
    this.input = form.querySelector("textarea");
    this.button = form.querySelector("button");
    this.running = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.running) return stop();
      const question = this.input.value.trim();
      if (!question) return this.input.focus();
      this.clear();
      ask(question);
    });
    this.input.addEventListener("input", () => this.fit());
    this.input.addEventListener("keydown", (event) => {
      // While an input method composes, its Enter takes a suggestion; in Safari only the code 229 tells.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      if (!this.running) form.requestSubmit();
    });
    this.show(false);
  }

  show(running) {
    this.running = running;
    const label = running ? "Stop" : "Ask";
    this.button.title = label;
    this.button.classList.toggle("stopping", running);
    this.button.replaceChildren(icon(running ? "stop" : "send"), Object.assign(document.createElement("span"), { className: "unseen", textContent: label }));
  }

  clear() {
    this.input.value = "";
    this.fit();
  }

  fill(question) {
    this.input.value = question;
    this.fit();
    this.input.focus();
  }

  focus() {
    this.input.focus({ preventScroll: true });
  }

  fit() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }
}
