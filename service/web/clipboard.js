// Copying, with a word that it happened.

import { element, say } from "./elements.js";

const SHOWN_MS = 1600;

// A button that copies what `text()` gives.
export function copyButton(label, text, properties = {}) {
  const button = element("button", {
    type: "button",
    className: "plain",
    textContent: label,
    onclick: async () => {
      const copied = await copy(text());
      button.textContent = copied ? "Copied" : "Not copied: the browser refused";
      say(button.textContent);
      setTimeout(() => (button.textContent = label), SHOWN_MS);
    },
    ...properties,
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text); // over plain HTTP from another machine there is no navigator.clipboard
  }
}

function copyBySelection(text) {
  const area = element("textarea", { className: "unseen", value: text, "aria-hidden": "true" });
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return copied;
}
