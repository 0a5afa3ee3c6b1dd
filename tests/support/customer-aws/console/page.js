// The page: shows the stack that a link asks for, creates it, and then lets somebody use the account.

const BASE = "/aws-double/console";
const PARAMETERS = {
  ExternalId: "externalId",
  Handshake: "handshake",
  DdAccountId: "ddAccountId",
  BusArn: "busArn",
  CallbackTopicArn: "callbackTopicArn",
};
const at = (id) => document.getElementById(id);
let known = { accounts: [], regions: [], who: [], what: [], freeAccount: "" };
let chosen = new URLSearchParams(location.search).get("account") ?? "";
let wanted = null;

// What the link asks for

/** `#/stacks/create/review?templateURL=…&stackName=…&param_ExternalId=…` */
function asked() {
  const [path, query] = location.hash.slice(1).split(/\?(.*)/s);
  if (!path.startsWith("/stacks/")) return null;
  const fields = new URLSearchParams(query ?? "");
  return fields.get("stackName") ? fields : null;
}

function follow() {
  wanted = asked();
  if (!wanted) return;
  at("template").textContent = wanted.get("templateURL") ?? "";
  at("stack-name").textContent = wanted.get("stackName");
  const rows = Object.keys(PARAMETERS).flatMap((name) => {
    return [make("dt", name), make("dd", wanted.get(`param_${name}`) ?? "")];
  });
  at("parameters").replaceChildren(...rows);
}

// Showing

function make(name, text, ...children) {
  const element = document.createElement(name);
  element.textContent = text;
  element.append(...children);
  return element;
}

function show() {
  const stacks = known.accounts.filter((each) => each.stack);
  const account = stacks.find((each) => each.account === chosen) ?? (wanted ? null : stacks[0]);
  at("create").hidden = !wanted;
  at("none").hidden = Boolean(wanted || account);
  at("stack").hidden = !account;
  at("use").hidden = account?.stack.status !== "CREATE_COMPLETE";
  if (wanted) showForm();
  if (account) showStack(account, stacks);
}

function showForm() {
  if (!at("account").value && !at("account").touched) at("account").value = known.freeAccount;
  if (at("regions").children.length > 0) return;
  const boxes = known.regions.map((region) => {
    const input = Object.assign(document.createElement("input"), {
      type: "checkbox", name: "region", value: region, checked: true, disabled: region === "us-east-1",
    });
    const label = make("label", "", input, ` ${region}`);
    label.className = "box";
    return label;
  });
  at("regions").replaceChildren(...boxes);
}

function showStack(account, stacks) {
  const { stack } = account;
  at("stack-title").textContent = stack.name;
  options(at("accounts"), stacks.map((each) => [each.account, each.account]), account.account);
  at("status").textContent = stack.status;
  at("status").className = color(stack.status);
  at("reason").textContent = stack.reason;
  // What comes next is to be seen without scrolling.
  if (at("history").of !== stack.id + stack.status) at("history").open = stack.status !== "CREATE_COMPLETE";
  at("history").of = stack.id + stack.status;
  at("go-back").hidden = stack.status !== "CREATE_COMPLETE";
  const rows = stack.events.toReversed().map(({ at: time, resource, type, status, reason }) => {
    const row = make("tr", "", ...[time, resource, type, status, reason].map((text) => make("td", text)));
    row.children[3].className = color(status);
    return row;
  });
  if (at("events").children.length !== rows.length) at("events").replaceChildren(...rows);
  options(at("who"), known.who.map((each) => [each.code, each.label]));
  options(at("what"), known.what.map((each) => [each.code, each.label]));
  showRunning(account);
}

const color = (status) => /FAILED|ROLLBACK/.test(status) ? "FAILED" : status.split("_").pop();

function options(select, all, value) {
  const as = JSON.stringify(all);
  if (select.as !== as) {
    const before = select.value;
    select.replaceChildren(...all.map(([code, label]) => new Option(label, code)));
    if (all.some(([code]) => code === before)) select.value = before;
    select.as = as;
  }
  if (value !== undefined) select.value = value;
}

function showRunning(account) {
  const as = JSON.stringify([account.account, account.running]);
  if (at("running").as === as) return;
  at("running").as = as;
  const items = account.running.map((thing) => {
    const small = make("small", `${thing.names.join(", ")}; in ${thing.region}, by ${thing.who}, since ${thing.since}`);
    const about = make("span", thing.label, small);
    about.className = "about";
    const button = make("button", "Terminate");
    button.setAttribute("aria-label", `Terminate ${thing.label}`);
    button.addEventListener("click", () => terminate(account.account, thing, button));
    return make("li", "", about, button);
  });
  at("running").replaceChildren(...(items.length ? items : [make("li", "Nothing that was started here.")]));
}

// Acting

/** What was answered, or nothing if it went wrong: then the page says so. */
async function send(path, sent) {
  try {
    const headers = { "Content-Type": "application/json" };
    const answer = await fetch(`${BASE}/${path}`, { method: "POST", headers, body: JSON.stringify(sent) });
    const text = await answer.text();
    if (answer.ok) {
      trouble("");
      return JSON.parse(text);
    }
    trouble(text.startsWith("{") ? JSON.parse(text).error : text);
  } catch {
    trouble("The server is away: nothing was sent");
  }
  return null;
}

async function create(event) {
  event.preventDefault();
  const boxes = [...at("regions").querySelectorAll("input")].filter((each) => each.checked);
  const parameters = Object.entries(PARAMETERS).map(([name, field]) => [field, wanted.get(`param_${name}`) ?? ""]);
  const account = at("account").value.trim();
  const made = await send("stacks", {
    account,
    stackName: wanted.get("stackName"),
    regions: boxes.map((each) => each.value),
    ...Object.fromEntries(parameters),
  });
  if (!made) return;
  [chosen, wanted] = [account, null];
  // Loading the page again shows the stack; the link holds once.
  history.replaceState(null, "", `?account=${account}`);
  await refresh();
  at("stack").scrollIntoView();
}

async function start(event) {
  event.preventDefault();
  const [who, what] = [at("who").value, at("what").value];
  said("");
  const thing = await send("start", { account: at("accounts").value, who, what });
  if (thing) said(`${thing.label}: started by ${thing.who}. ${heard(thing.heard)}`);
  await refresh();
}

async function terminate(account, thing, button) {
  button.ariaDisabled = "true";
  said("");
  const ended = await send("terminate", { account, who: at("who").value, id: thing.id });
  if (ended) said(`${thing.label}: terminated by ${at("who").value}. ${heard(ended.heard)}`);
  await refresh();
  at("what").focus();
}

const heard = (yes) => yes ? "dd0c/cost hears of it." : "This region is not watched: dd0c/cost hears nothing.";

function said(text) {
  at("said").textContent = text;
}

function trouble(text) {
  at("trouble").textContent = text;
  at("trouble").hidden = text === "";
}

// Asking what is there

let away = false;

async function refresh() {
  try {
    const answer = await fetch(`${BASE}/state.json`);
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    known = await answer.json();
    if (away) trouble("");
    away = false;
    show();
  } catch {
    away = true;
    trouble("The server is away: trying again every second");
  }
}

async function watch() {
  await refresh();
  setTimeout(watch, 1000);
}

at("account").addEventListener("input", () => { at("account").touched = true; });
at("create-form").addEventListener("submit", create);
at("start-form").addEventListener("submit", start);
at("accounts").addEventListener("change", (event) => {
  chosen = event.target.value;
  show();
});
addEventListener("hashchange", () => {
  follow();
  show();
});
follow();
watch();
