// Light or dark: what the system says, unless a person chose.

import { icon } from "./elements.js";

const KEY = "needle.theme";
const NEXT = { system: "light", light: "dark", dark: "system" };
const LABEL = { system: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };

export function installTheme(button) {
  let chosen = read();
  const show = () => {
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
    button.title = `${LABEL[chosen]} (press for ${NEXT[chosen]})`;
    button.querySelector("svg").replaceWith(icon(chosen));
    button.querySelector("span").textContent = LABEL[chosen];
  };
  button.addEventListener("click", () => {
    chosen = NEXT[chosen];
    try {
      localStorage.setItem(KEY, chosen);
    } catch {
      // Storage is switched off: it holds for this page then.
    }
    show();
  });
  show();
}

function read() {
  try {
    const kept = localStorage.getItem(KEY);
    return kept in NEXT ? kept : "system";
  } catch {
    return "system";
  }
}
