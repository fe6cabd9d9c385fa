// Makes elements. Children that are strings become text nodes, never markup.

// properties: "on…" listens, a name with a hyphen is an attribute, anything else a property of the element.
export function element(name, properties = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null) continue;
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key.includes("-") || key === "role") made.setAttribute(key, value);
    else if (key === "dataset") Object.assign(made.dataset, value);
    else made[key] = value;
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

// A symbol of index.html.
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function iconButton(name, label, onclick, properties = {}) {
  const unseen = element("span", { className: "unseen" }, label);
  return element("button", { type: "button", className: "icon-button", title: label, onclick, ...properties }, icon(name), unseen);
}

// Only addresses that a browser opens as a page; a document may print any other.
export function link(url, label, properties = {}) {
  if (!/^https?:\/\//i.test(url ?? "")) return element("span", properties, label);
  return element("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...properties }, label);
}

// Tells screen readers one finished thing; never the words of an answer as they come.
export function say(text) {
  document.querySelector("#said").textContent = text;
}
