// The service over HTTP. Whatever goes wrong becomes a Failure; an abort stays an AbortError.

import { events } from "./events.js";

// kind: "unreachable" (no answer at all), "problem" (the service says what is wrong), "cut" (the answer broke off).
export class Failure extends Error {
  constructor(kind, { title = "", detail = "", code = "", status = 0 } = {}) {
    super(detail || title || kind);
    Object.assign(this, { kind, title, detail, code, status });
  }

  // What local storage can keep of it.
  toJSON() {
    const { kind, title, detail, code, status } = this;
    return { kind, title, detail, code, status };
  }
}

export async function getJSON(path) {
  const response = await reached(path);
  return response.json().catch(() => {
    throw new Failure("cut");
  });
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

async function reached(path, options) {
  const response = await fetch(path, options).catch((error) => {
    if (error.name === "AbortError") throw error;
    throw new Failure("unreachable");
  });
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  const status = response.status;
  throw new Failure("problem", { status, ...(problem.title ? problem : { title: `The service answered ${status}` }) });
}
