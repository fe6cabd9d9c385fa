// Conversations, kept in this browser's local storage: one entry each, so that two tabs do not undo each other.

const PREFIX = "needle.conversation.";
const CURRENT = "needle.current"; // in session storage: each tab has its own
const MOST = 100;

export function newConversation() {
  return { id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, title: "", updated: Date.now(), turns: [] };
}

// All of them, the latest first.
export function list() {
  return ids()
    .map(load)
    .filter(Boolean)
    .sort((one, other) => other.updated - one.updated);
}

export function load(id) {
  try {
    const kept = JSON.parse(localStorage.getItem(PREFIX + id));
    return Array.isArray(kept?.turns) ? kept : null;
  } catch {
    return null;
  }
}

// Whether it could be kept. Where there is no room left, the oldest make way.
export function save(conversation) {
  const text = JSON.stringify(conversation);
  const others = list().filter(({ id }) => id !== conversation.id);
  for (const old of others.slice(MOST - 1)) remove(old.id);
  while (true) {
    try {
      localStorage.setItem(PREFIX + conversation.id, text);
      return true;
    } catch (error) {
      const oldest = error.name === "QuotaExceededError" ? others.pop() : null;
      if (!oldest) return false;
      remove(oldest.id);
    }
  }
}

export function remove(id) {
  try {
    localStorage.removeItem(PREFIX + id);
  } catch {
    // Storage is switched off: there is nothing to remove.
  }
}

export function current() {
  try {
    return load(sessionStorage.getItem(CURRENT));
  } catch {
    return null;
  }
}

export function setCurrent(id) {
  try {
    sessionStorage.setItem(CURRENT, id);
  } catch {
    // Storage is switched off: a reload begins anew.
  }
}

function ids() {
  try {
    return Object.keys(localStorage)
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length));
  } catch {
    return [];
  }
}
