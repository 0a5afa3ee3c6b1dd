// The page: asks once a second what is there, and shows what has changed.

import { article, make } from "./message.js";

const EMPTY = "No messages yet: send an event to see a card here";
const at = (id) => document.getElementById(id);
const chosen = { workspace: "", channel: "", person: "", thread: "" };
let known = { version: "", command: "/dd0c", workspaces: [], messages: [] };

// What is chosen

function workspace() {
  return known.workspaces.find((each) => each.id === chosen.workspace) ?? known.workspaces[0];
}

function channel() {
  const all = workspace()?.channels ?? [];
  return all.find((each) => each.id === chosen.channel) ?? all[0];
}

function person() {
  const all = workspace()?.people ?? [];
  return all.find((each) => each.id === chosen.person) ?? all[0];
}

/** `#C0DOUBLE/1780887780.000001` leads to a channel and a message in it. */
function follow() {
  const [id, ts] = decodeURIComponent(location.hash.slice(1)).split("/");
  const home = known.workspaces.find((each) => each.channels.some((one) => one.id === id));
  if (!home) return;
  const message = known.messages.find((each) => each.channel === id && each.ts === ts);
  Object.assign(chosen, { workspace: home.id, channel: id, thread: message?.thread_ts ?? "" });
  show();
  const element = ts && document.getElementById(`m-${ts}`);
  if (!element) return;
  element.scrollIntoView({ block: "center" });
  element.classList.add("found");
}

/** At first: where something was said last, else the workspace that came last. */
function begin() {
  const last = known.messages.at(-1);
  const hasIt = (each) => each.channels.some((one) => one.id === last?.channel);
  chosen.workspace = (known.workspaces.find(hasIt) ?? known.workspaces.at(-1))?.id ?? "";
}

// Showing

function show() {
  options(at("workspace"), known.workspaces, (each) => each.name, workspace()?.id);
  options(at("person"), workspace()?.people ?? [], (each) => each.username, person()?.id);
  at("workspaces").hidden = known.workspaces.length < 2;
  showChannels();
  const here = channel();
  at("place").textContent = here ? `# ${here.name}` : "No channel";
  const open = here && !here.archived;
  at("words").disabled = !open;
  at("words").placeholder = open ? `${known.command} help` : "This channel is archived";
  const all = visible();
  list(at("messages"), all.filter((each) => !each.thread_ts), EMPTY, true);
  showThread(all);
}

/** Messages of the channel that the chosen person sees. */
function visible() {
  const seen = (each) => !each.ephemeral_to || each.ephemeral_to === person()?.id;
  return known.messages.filter((each) => each.channel === channel()?.id && seen(each));
}

function options(select, all, name, value) {
  const wanted = JSON.stringify(all.map((each) => [each.id, name(each)]));
  if (select.wanted !== wanted) {
    select.replaceChildren(...all.map((each) => new Option(name(each), each.id)));
    select.wanted = wanted;
  }
  select.value = value ?? "";
}

function showChannels() {
  const items = (workspace()?.channels ?? []).map((each) => {
    const current = each.id === channel()?.id;
    const state = `${each.id} ${each.name} ${each.archived} ${current}`;
    return { key: each.id, state, made: () => channelItem(each, current) };
  });
  renew(at("channels"), items);
}

function channelItem(each, current) {
  const button = make("button", "", `# ${each.name}${each.archived ? " (archived)" : ""}`);
  button.dataset.action = each.id;
  if (current) button.setAttribute("aria-current", "page");
  button.addEventListener("click", () => {
    Object.assign(chosen, { channel: each.id, thread: "" });
    history.replaceState(null, "", `#${each.id}`);
    show();
  });
  return make("li", "", button);
}

function showThread(all) {
  const head = all.find((each) => each.ts === chosen.thread);
  at("thread").hidden = !head;
  document.body.classList.toggle("in-thread", Boolean(head));
  if (!head) return;
  const replies = all.filter((each) => each.thread_ts === head.ts);
  list(at("replies"), [head, ...replies], "", false);
}

/** Messages with a line for each new day; who stood at the end stays there. */
function list(container, messages, empty, counted) {
  const atEnd = container.scrollHeight - container.scrollTop - container.clientHeight < 60;
  const items = [];
  let day = "";
  for (const each of messages) {
    const date = new Date(Number(each.ts) * 1000).toDateString();
    if (date !== day) items.push({ key: date, state: "", made: () => make("h2", "day", date) });
    day = date;
    items.push(messageItem(each, counted));
  }
  if (items.length === 0 && empty) {
    items.push({ key: "empty", state: "", made: () => make("p", "empty", empty) });
  }
  renew(container, items);
  if (atEnd) container.scrollTop = container.scrollHeight;
}

function messageItem(message, counted) {
  const inThread = (each) => each.thread_ts === message.ts && each.channel === message.channel;
  const replies = counted ? visible().filter(inThread).length : 0;
  const around = { author, press, open: openThread, replies };
  const state = JSON.stringify([message, replies]);
  return { key: message.ts, state, made: () => article(message, around) };
}

function author(message) {
  if (message.author === "app") return { name: "dd0c/cost", letter: "$", kind: "app" };
  if (message.author === "slackbot") return { name: "Slackbot", letter: "S", kind: "slackbot" };
  const id = message.author.person;
  const name = workspace()?.people.find((each) => each.id === id)?.username ?? id;
  return { name, letter: name[0].toUpperCase(), kind: "person" };
}

/** Brings a container's children to what the items say; what has not changed stays as it is. */
function renew(container, items) {
  const old = new Map([...container.children].map((each) => [each.key, each]));
  const wanted = items.map(({ key, state, made }) => {
    const kept = old.get(key);
    return kept?.state === state ? kept : Object.assign(made(), { key, state });
  });
  const stay = new Set(wanted);
  const focus = document.activeElement;
  const left = [...container.children].filter((each) => !stay.has(each));
  const lost = left.find((each) => each.contains(focus));
  left.forEach((each) => each.remove());
  wanted.forEach((each, nth) => {
    if (container.children[nth] !== each) container.insertBefore(each, container.children[nth] ?? null);
  });
  if (lost) refocus(wanted.find((each) => each.key === lost.key), focus.dataset.action);
}

/** The focus goes to the button that stands where the focused one stood. */
function refocus(element, action) {
  const all = [...(element?.querySelectorAll("[data-action]") ?? [])];
  all.find((each) => each.dataset.action === action)?.focus();
}

function openThread(ts) {
  chosen.thread = ts;
  show();
  at("close").focus();
}

// Acting

async function send(what, sent) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`/preview/${what}`, { method: "POST", headers, body: JSON.stringify(sent) });
    const said = await answer.json();
    trouble(answer.ok ? "" : said.error);
  } catch {
    trouble("The server is away: nothing was sent");
  }
  await refresh();
}

async function press(element, message, button) {
  if (button.ariaDisabled === "true") return;
  if (element.confirm && !(await asked(element.confirm))) return;
  if (element.url && /^https?:\/\//.test(element.url)) window.open(element.url, "_blank", "noopener");
  // Not `disabled`, which would drop the focus.
  button.ariaDisabled = "true";
  const { channel, ts } = message;
  await send("click", { user: person().id, channel, ts, action_id: element.action_id });
  button.ariaDisabled = "false";
}

function asked(question) {
  const dialog = at("ask");
  for (const name of ["title", "text", "confirm", "deny"]) at(`ask-${name}`).textContent = question[name].text;
  at("ask-confirm").className = question.style ?? "primary";
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

function trouble(text) {
  at("trouble").textContent = text;
  at("trouble").hidden = text === "";
}

// Asking what is there

let away = false;

async function refresh() {
  try {
    const answer = await fetch(`/preview/state.json?since=${known.version}`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    if (away) trouble("");
    away = false;
    if (answer.status === 204) return;
    const first = known.version === "";
    known = await answer.json();
    if (first) begin();
    show();
    if (first) follow();
  } catch {
    away = true;
    trouble("The server is away: trying again every second");
  }
}

async function watch() {
  await refresh();
  setTimeout(watch, 1000);
}

at("workspace").addEventListener("change", (event) => {
  Object.assign(chosen, { workspace: event.target.value, channel: "", person: "", thread: "" });
  show();
});
at("person").addEventListener("change", (event) => {
  chosen.person = event.target.value;
  show();
});
at("close").addEventListener("click", () => {
  chosen.thread = "";
  show();
  at("messages").focus();
});
at("write").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = at("words").value.trim();
  if (text === "" || !channel()) return;
  at("words").value = "";
  await send("message", { user: person().id, channel: channel().id, text });
  at("messages").scrollTop = at("messages").scrollHeight;
});
addEventListener("hashchange", follow);
watch();
