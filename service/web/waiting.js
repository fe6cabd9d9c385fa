// What is shown while the service is busy: when it is asked again, and a button to do so at once.

import { element } from "./elements.js";

// until: ms since 1970.
export function renderWait(until, hasten) {
  // Seen, not heard: a screen reader was told the time once.
  const left = element("span", { "aria-hidden": "true" });
  const show = () => (left.textContent = ` Asking again in ${secondsUntil(until)} s.`);
  const timer = setInterval(() => (left.isConnected ? show() : clearInterval(timer)), 500);
  show();
  const now = element("button", { type: "button", className: "solid", onclick: hasten }, "Ask now");
  return element("div", { className: "busy" }, element("p", {}, element("strong", {}, "Needle is busy."), left, " Your question is kept."), now);
}

export function secondsUntil(until) {
  return Math.max(0, Math.ceil((until - Date.now()) / 1000));
}
