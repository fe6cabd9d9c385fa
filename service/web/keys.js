// The keys that a service may ask for: one for reading, one for changing documents. Kept in session storage, so that
// they go when the tab does, and asked for only when the service wants one.

const WANTED = {
  reading: {
    title: "This service asks for a key",
    text: "Whoever runs it can give you one. Your question is kept.",
  },
  writing: {
    title: "Changing documents asks for a key",
    text: "It is the one that the service was started with as NEEDLE_ADMIN_KEY.",
  },
};
const OTHER = { reading: "writing", writing: "reading" };
const asking = {}; // promises of keys that are being asked for, by kind
let before = Promise.resolve(); // there is one dialog: who asks for the other kind waits
const held = {}; // what was entered since the page was loaded, in case nothing can be stored

// The header for a request; empty while no key is known. kind: "reading" or "writing".
// Who entered the key for writing may read with it, so the one stands in for the other until that is refused.
export function authorization(kind) {
  const key = known(kind) || known(OTHER[kind]);
  return key ? { Authorization: `Bearer ${key}` } : {};
}

// After a request with the header `sent` was refused: whether there is another key to try now. Asks a person for one,
// once for all requests that wait for it.
export async function another(kind, sent) {
  if (authorization(kind).Authorization !== sent.Authorization) return true;
  asking[kind] ??= before = before.then(() => entered(kind, Boolean(known(kind)))).finally(() => delete asking[kind]);
  const key = await asking[kind];
  if (key) keep(kind, key);
  return Boolean(key);
}

// Gives "" when it is not entered.
function entered(kind, refused) {
  const dialog = document.querySelector("#key");
  const [heading, text, alert, field] = ["h2", "p", "[role=alert]", "input"].map((part) => dialog.querySelector(part));
  heading.textContent = WANTED[kind].title;
  text.textContent = WANTED[kind].text;
  alert.textContent = refused ? "That key was refused. Look whether it is the right one, and whole." : "";
  field.value = "";
  const form = dialog.querySelector("form");
  dialog.returnValue = "";
  form.onsubmit = (event) => {
    event.preventDefault();
    dialog.close("entered");
  };
  form.querySelector("[type=button]").onclick = () => dialog.close();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "entered" ? field.value : ""), { once: true });
    dialog.showModal();
    field.focus();
  });
}

function known(kind) {
  try {
    return sessionStorage.getItem(`needle.key.${kind}`) ?? held[kind] ?? "";
  } catch {
    return held[kind] ?? "";
  }
}

function keep(kind, key) {
  held[kind] = key;
  try {
    sessionStorage.setItem(`needle.key.${kind}`, key);
  } catch {
    // Storage is switched off: it holds for this page then.
  }
}
