// A message as elements: head, blocks, thread.

import { nodes, parse } from "./mrkdwn.js";

/** An element with a class and children; texts become text nodes. */
export function make(tag, name, ...children) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...children);
  return element;
}

/**
 * `around` knows what a message does not: `author(message)` gives `{name, letter, app}`, `press(element, message)` is
 * called with a pressed button's block element, `open(ts)` with a thread, `replies` counts its messages.
 */
export function article(message, around) {
  const author = around.author(message);
  const element = make("article", `message ${message.ephemeral_to ? "ephemeral" : ""}`);
  element.id = `m-${message.ts}`;
  const avatar = make("span", `avatar ${author.kind}`, author.letter);
  avatar.setAttribute("aria-hidden", "true");
  const body = make("div", "body");
  if (message.ephemeral_to) body.append(make("p", "only", "Only visible to you"));
  body.append(head(message, author), ...content(message, around));
  if (message.updates > 0) body.append(make("span", "edited", "(edited)"));
  if (around.replies > 0) body.append(threadLink(message, around));
  element.append(avatar, body);
  return element;
}

function head(message, author) {
  const at = new Date(Number(message.ts) * 1000);
  const time = make("time", "", at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
  time.dateTime = at.toISOString();
  time.title = at.toLocaleString();
  const badge = author.kind === "app" ? [make("span", "badge", "APP")] : [];
  return make("p", "by", make("strong", "", author.name), ...badge, time);
}

function content(message, around) {
  const blocks = Array.isArray(message.blocks) ? message.blocks : [];
  if (blocks.length === 0) return [make("div", "text", ...nodes(parse(message.text)))];
  return blocks.map((block) => BLOCKS[block.type]?.(block, message, around) ?? make("p", "unknown", `a block of type ${block.type}`));
}

const BLOCKS = {
  divider: () => make("hr"),
  header: (block) => make("h3", "header", block.text.text),
  section: (block, message, around) => {
    const element = make("div", "section");
    const texts = make("div", "texts");
    if (block.text) texts.append(text(block.text));
    if (block.fields) texts.append(make("div", "fields", ...block.fields.map(text)));
    element.append(texts);
    if (block.accessory) element.append(button(block.accessory, message, around));
    return element;
  },
  context: (block) => make("div", "context", ...block.elements.map(text)),
  actions: (block, message, around) =>
    make("div", "actions", ...block.elements.map((each) => button(each, message, around))),
};

/** A text object. */
function text(object) {
  const inside = object.type === "mrkdwn" ? nodes(parse(object.text)) : [object.text];
  return make("div", "text", ...inside);
}

function button(element, message, around) {
  const made = make("button", `action ${element.style ?? ""}`, element.text.text);
  made.type = "button";
  made.dataset.action = element.action_id;
  if (element.accessibility_label) made.setAttribute("aria-label", element.accessibility_label);
  made.addEventListener("click", () => around.press(element, message, made));
  return made;
}

function threadLink(message, around) {
  const count = around.replies === 1 ? "1 reply" : `${around.replies} replies`;
  const made = make("button", "thread-link", count);
  made.type = "button";
  made.dataset.action = "thread";
  made.addEventListener("click", () => around.open(message.ts));
  return made;
}
