// The page, put together: what is asked, which conversation is open, what the keys do.

import { Adding } from "./adding.js";
import { Failure, getJSON } from "./api.js";
import { ask, newTurn, running } from "./asking.js";
import { summary } from "./answer.js";
import { Availability } from "./availability.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { element, say } from "./elements.js";
import { Evidence } from "./evidence.js";
import { offerExamples } from "./examples.js";
import { Filters } from "./filters.js";
import { counted } from "./places.js";
import { Shelf } from "./shelf.js";
import * as store from "./store.js";
import { installTheme } from "./theme.js";

const TITLE_LENGTH = 80;
const LONGEST_QUESTION = 2000; // as the API takes them
const $ = (selector) => document.querySelector(selector);

let conversation = store.newConversation();
let stopping = null; // the AbortController of the answer that is coming
let storable = true;

installTheme($("#theme"));
const adding = new Adding(
  { box: $("#adding"), input: $("#files"), veil: $("#veil"), dialog: $("#confirm") },
  { changed: greet, only: (id) => filters.only(id) },
);
const filters = new Filters($("#filters"), { add: () => adding.choose(), remove: (document) => adding.remove(document) });
const availability = new Availability($("#availability"), greet);
const composer = new Composer($("#ask"), { ask: begin, stop });
const view = new Conversation($("#turns"), {
  openCitation: (turn, n) => evidence.openCitation(turn, n),
  openPassage: (turn, id) => evidence.openPassage(turn, id),
  showPassages,
  again,
});
const evidence = new Evidence($("#evidence"), (opened) => view.mark(opened));
const shelf = new Shelf($("#shelf"), {
  open,
  removed,
  renamed: (renamed) => renamed.id === conversation.id && Object.assign(conversation, { title: renamed.title }),
});

$("#open-shelf").addEventListener("click", () => shelf.show(conversation.id));
$("#new").addEventListener("click", () => {
  open(store.newConversation());
  composer.focus();
});
document.addEventListener("keydown", keys);
document.addEventListener("click", (event) => {
  if (event.target === document.body) evidence.close(); // beside the sheet, where everything is inert
});
start();

// What there is to ask about; also called when the service is back.
async function greet() {
  try {
    const [{ documents }, models] = await Promise.all([getJSON("/v1/documents"), getJSON("/v1/models").catch(() => ({ data: [] }))]);
    filters.offer(documents);
    offerComposing(models.data.some(({ id }) => id === "needle-llm"));
    offerExamples($("#examples"), documents, begin);
    const titles = documents.map(({ title, authors }) => element("li", {}, element("cite", {}, title), authors.length ? `, ${authors.join(", ")}` : ""));
    $("#corpus").replaceChildren(element("p", {}, `It reads ${counted(documents.length, "document")}:`), element("ul", {}, ...titles));
  } catch (error) {
    availability.note(error instanceof Failure ? error : new Failure("unreachable"));
  }
}

function offerComposing(configured) {
  $("#compose").hidden = !configured;
  $(".bar").classList.toggle("composes", configured);
  const chosen = $("#compose input:checked");
  if (!chosen) $(`#compose input[value=${configured ? "llm" : "extractive"}]`).checked = true;
}

// A link asks its question, unless this tab did so already and is only loaded anew.
async function start() {
  const linked = new URLSearchParams(location.search).get("q")?.trim();
  const kept = store.current();
  const restored = kept && (!linked || kept.turns[0]?.question === linked);
  if (restored) open(kept);
  await greet();
  if (linked && !restored) begin(linked.slice(0, LONGEST_QUESTION));
}

function begin(question) {
  stop();
  const composing = !$("#compose").hidden && $("#compose input:checked")?.value === "llm";
  const chosen = filters.chosen();
  const turn = newTurn(question, chosen, filters.words(chosen), composing ? "auto" : "extractive");
  if (!conversation.turns.length) {
    conversation.title = question.slice(0, TITLE_LENGTH);
    address(question);
  }
  conversation.turns.push(turn);
  view.add(turn);
  run(turn);
}

function again(turn) {
  stop();
  run(turn);
}

async function run(turn) {
  const own = conversation;
  const controller = (stopping = new AbortController());
  const earlier = own.turns.slice(0, own.turns.indexOf(turn));
  composer.show(true);
  showWelcome();
  document.title = `${own.title} · Needle`;
  const asking = ask(turn, earlier, controller.signal, (what) => changed(own, turn, what));
  view.update(turn, "begun");
  view.begin(turn);
  evidence.show(turn);
  await asking;
  if (stopping !== controller) return;
  stopping = null;
  composer.show(false);
}

function changed(own, turn, what) {
  view.update(turn, what);
  if (what === "searched" || what === "sentence") evidence.refresh(turn);
  if (what === "busy" && own === conversation) say(summary(turn));
  if (what !== "ended") return;
  keep(own);
  evidence.refresh(turn);
  if (turn.failure && turn.failure.status !== 401) availability.note(turn.failure); // of a key its own turn tells
  if (own === conversation) say(summary(turn));
}

function stop() {
  stopping?.abort();
}

function open(opened) {
  stop();
  conversation = opened;
  // An answer that was coming when the page was left will not come any more.
  for (const turn of opened.turns) if (running(turn)) turn.state = "stopped";
  store.setCurrent(opened.id);
  address(opened.turns[0]?.question);
  document.title = opened.title ? `${opened.title} · Needle` : "Needle";
  view.show(opened.turns);
  const last = opened.turns.at(-1);
  if (last) evidence.show(last);
  else evidence.clear();
  showWelcome();
  $("#turns").lastElementChild?.scrollIntoView({ block: "start" });
}

function removed(id) {
  if (id !== conversation.id) return;
  conversation.removed = true; // what still comes of it is not to bring it back
  open(store.newConversation());
}

function keep(own) {
  if (own.removed) return;
  own.updated = Date.now();
  if (own === conversation) store.setCurrent(own.id);
  const kept = store.save(own);
  if (!kept && storable) say("This browser does not let conversations be kept.");
  storable = kept;
}

function showPassages(turn) {
  evidence.show(turn);
  evidence.back = document.activeElement;
  evidence.reveal();
  $("#evidence button")?.focus();
}

function showWelcome() {
  $("#welcome").hidden = conversation.turns.length > 0;
}

function address(question) {
  history.replaceState(null, "", question ? `/?q=${encodeURIComponent(question)}` : "/");
}

function keys(event) {
  if (document.querySelector("dialog[open]")) return;
  if (event.altKey && !event.ctrlKey && !event.metaKey && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    evidence.step(event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && !event.isComposing) {
    if (stopping) stop();
    else evidence.escape();
  }
}
