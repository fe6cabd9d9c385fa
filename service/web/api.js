// The service over HTTP. Whatever goes wrong becomes a Failure; an abort stays an AbortError.

import { events } from "./events.js";
import { another, authorization } from "./keys.js";

const BUSY_S = 5; // where the service says that it is busy and not for how long
const NOT_READY = /^(?:index|encoder)_/; // codes of 503 that waiting for a moment does not mend

// kind: "unreachable" (no answer at all), "problem" (the service says what is wrong), "cut" (the answer broke off).
// wait: seconds after which to ask again, where the service is only busy; else 0.
export class Failure extends Error {
  constructor(kind, { title = "", detail = "", code = "", status = 0, wait = 0 } = {}) {
    super(detail || title || kind);
    Object.assign(this, { kind, title, detail, code, status, wait });
  }

  // What local storage can keep of it.
  toJSON() {
    const { kind, title, detail, code, status, wait } = this;
    return { kind, title, detail, code, status, wait };
  }
}

export async function getJSON(path) {
  return json(await reached(path));
}

// The canonical text, exactly: also a byte-order mark, which Response.text() would swallow, counts in offsets.
export async function getText(path) {
  const response = await reached(path);
  const bytes = await response.arrayBuffer().catch(() => {
    throw new Failure("cut");
  });
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

// Yields {name, data}: `passages`, `delta`s and `sentence`s, and `done` at the end.
export async function* answer(request, signal) {
  const response = await reached("/v1/answer", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify({ ...request, stream: true }),
    signal,
  });
  try {
    for await (const event of events(response.body)) {
      if (event.name === "error") throw new Failure("problem", event.data);
      yield event;
      if (event.name === "done") return;
    }
  } catch (error) {
    if (error.name === "AbortError" || error instanceof Failure) throw error;
    throw new Failure("cut");
  }
  throw new Failure("cut");
}

// files: of a person's disk. Gives the job that reads them.
export async function sendDocuments(files) {
  const body = new FormData();
  for (const file of files) body.append("files", file, file.name);
  return json(await reached("/v1/documents", { method: "POST", body }, "writing"));
}

export async function readJob(id) {
  return json(await reached(`/v1/jobs/${encodeURIComponent(id)}`, {}, "writing"));
}

// Gives the job that removes it.
export async function removeDocument(id) {
  return json(await reached(`/v1/documents/${encodeURIComponent(id)}`, { method: "DELETE" }, "writing"));
}

function json(response) {
  return response.json().catch(() => {
    throw new Failure("cut");
  });
}

// key: "reading" or "writing", the kind that the route takes if it takes one.
async function reached(path, options = {}, key = "reading") {
  while (true) {
    const sent = authorization(key);
    const response = await fetch(path, { ...options, headers: { ...options.headers, ...sent } }).catch((error) => {
      if (error.name === "AbortError") throw error;
      throw new Failure("unreachable");
    });
    if (response.ok) return response;
    const failure = await problem(response);
    if (failure.status !== 401 || !(await another(key, sent))) throw failure;
  }
}

async function problem(response) {
  const told = await response.json().catch(() => ({}));
  const { status } = response;
  const wait = NOT_READY.test(told.code ?? "") ? 0 : secondsToWait(response);
  return new Failure("problem", { title: `The service answered ${status}`, ...told, status, wait });
}

function secondsToWait({ status, headers }) {
  const said = headers.get("Retry-After");
  if (status !== 429 && !(status === 503 && said)) return 0;
  const seconds = /^\d+$/.test(said ?? "") ? Number(said) : (Date.parse(said) - Date.now()) / 1000;
  return Math.max(1, Math.ceil(Number.isFinite(seconds) ? seconds : BUSY_S));
}
