// One question on its way to its answer. A turn is a plain object that local storage can keep:
//   question, filters {document_ids?, kinds?}, within (the same in words), compose, at, alone (what was said before is left out),
//   state: "searching" | "waiting" (the service is busy) | "answering" | "done" | "stopped" | "failed",
//   until: when a waiting one is asked again, in ms since 1970;
//   found: what the search found; sentences, citations, pending: what has come of the answer, the last unverified;
//   body: the whole answer once it is there; failure: what went wrong.

import { answer } from "./api.js";

const TURNS_OF_HISTORY = 12; // a follow-up refers to what was said lately
const MAX_ANSWER = 10_000; // characters, as the API takes them
const TOP_K = 6;
const MOST_WAITS = 8;
const LONGEST_WAIT_S = 60;

export function newTurn(question, filters, within, compose) {
  return { question, filters, within, compose, at: Date.now(), ...UNANSWERED };
}

const UNANSWERED = { state: "searching", found: null, body: null, failure: null, pending: "" };

// earlier: the turns before it. changed(what): "searched", "delta", "sentence", "busy" or "ended".
export async function ask(turn, earlier, signal, changed) {
  try {
    await answered(turn, earlier, signal, changed);
  } catch (error) {
    turn.state = error.name === "AbortError" ? "stopped" : "failed";
    turn.failure = error.name === "AbortError" ? null : (error.toJSON?.() ?? { kind: "problem", title: String(error) });
  }
  changed("ended");
}

// While the service is only busy, asks again when it says so, at most MOST_WAITS times.
async function answered(turn, earlier, signal, changed) {
  for (let waited = 0; ; waited += 1) {
    Object.assign(turn, UNANSWERED, { sentences: [], citations: [] });
    try {
      for await (const { name, data } of answer(request(turn, earlier), signal)) take(turn, name, data, changed);
      return;
    } catch (error) {
      if (!error.wait || waited === MOST_WAITS) throw error;
      const seconds = Math.min(error.wait, LONGEST_WAIT_S);
      Object.assign(turn, { state: "waiting", until: Date.now() + seconds * 1000 });
      changed("busy");
      await pause(turn, seconds * 1000, signal);
      turn.state = "searching";
      changed("busy");
    }
  }
}

const hastening = new WeakMap(); // waiting turn → what ends its wait

// Ask a waiting turn again now.
export function hasten(turn) {
  hastening.get(turn)?.();
}

async function pause(turn, ms, signal) {
  signal.throwIfAborted(); // stopped while the refusal was read
  await new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    hastening.set(turn, resolve);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }).finally(() => hastening.delete(turn));
}

export const running = (turn) => ["searching", "waiting", "answering"].includes(turn.state);

// The sentences that have been said, whether or not the answer is whole.
export const sentences = (turn) => turn.body?.sentences ?? turn.sentences ?? [];
export const found = (turn) => turn.body ?? turn.found;

// Its citations, each with the kind of its passage, which says how it is called.
export function citations(turn) {
  const kinds = new Map(found(turn)?.passages.map(({ id, kind }) => [id, kind]));
  return (turn.body?.citations ?? turn.citations ?? []).map((each) => ({ ...each, kind: kinds.get(each.passage_id) }));
}

function request(turn, earlier) {
  return { question: turn.question, top_k: TOP_K, compose: turn.compose, ...turn.filters, history: turn.alone ? [] : history(earlier) };
}

// What a follow-up may refer to: questions, and what was said in answer. That nothing was found says nothing.
function history(turns) {
  return turns.slice(-TURNS_OF_HISTORY).flatMap((turn) => {
    const said = turn.body?.abstained ? "" : (turn.body?.answer ?? sentences(turn).map(({ text }) => text).join(" "));
    const asked = { role: "user", content: turn.question };
    return said ? [asked, { role: "assistant", content: said.slice(0, MAX_ANSWER) }] : [asked];
  });
}

function take(turn, name, data, changed) {
  if (name === "passages") {
    turn.found = data;
    turn.state = "answering";
    changed("searched");
  } else if (name === "delta") {
    turn.pending += data.text;
    changed("delta");
  } else if (name === "sentence") {
    turn.sentences.push(data.sentence);
    const known = new Set(turn.citations.map(({ n }) => n));
    turn.citations.push(...data.citations.filter(({ n }) => !known.has(n)));
    turn.pending = after(turn.pending, data.sentence.text);
    changed("sentence");
  } else if (name === "done") {
    Object.assign(turn, { body: data, found: null, pending: "", sentences: [], citations: [], state: "done" });
  }
}

// What of `pending` comes behind `sentence`, which stands at its start with markers [n] and blanks in between.
function after(pending, sentence) {
  const wanted = sentence.replace(/\s/g, "");
  let matched = 0;
  let position = 0;
  while (position < pending.length && matched < wanted.length) {
    const skipped = /^(?:\s+|\[[\d,\s]*\])/.exec(pending.slice(position));
    if (pending[position] === wanted[matched]) {
      matched += 1;
      position += 1;
    } else if (skipped) position += skipped[0].length;
    else return ""; // it was told in other words; the next sentence brings its own
  }
  return pending.slice(position).replace(/^(?:\s*\[[\d,\s]*\])+[.!?]?/, "");
}
