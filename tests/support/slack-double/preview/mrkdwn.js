// Slack's markup as a tree, and the tree as elements. Texts become text nodes, never HTML.

/** A tree: lists of texts, `{kind, inside}` and `{kind: "link", to, inside}`. */
export function parse(text) {
  const tree = text.split("```").flatMap((part, nth, all) => {
    // An opening fence without an end is what it says.
    if (nth % 2 === 0) return lines(part, nth > 0, nth < all.length - 1);
    if (nth === all.length - 1) return ["```", ...lines(part, false, false)];
    return [{ kind: "pre", inside: [decoded(part.replace(/^\n/, ""))] }];
  });
  return joined(tree);
}

/** Lines outside of fences; those that begin with `>` are quotes. */
function lines(text, afterFence, beforeFence) {
  let kept = text;
  // A fence stands on lines of its own already.
  if (afterFence) kept = kept.replace(/^\n/, "");
  if (beforeFence) kept = kept.replace(/\n$/, "");
  const tree = [];
  for (const line of kept === "" ? [] : kept.split("\n")) {
    const quoted = line.match(/^(?:>|&gt;) ?(.*)$/);
    const last = tree.at(-1);
    if (quoted && last?.kind === "quote") last.inside = joined([...last.inside, "\n", ...inline(quoted[1])]);
    else if (quoted) tree.push({ kind: "quote", inside: inline(quoted[1]) });
    else tree.push(...(tree.length > 0 && last?.kind !== "quote" ? ["\n"] : []), ...inline(line));
  }
  return joined(tree);
}

const KINDS = { "*": "bold", "_": "italic", "~": "strike" };
// A link, code, or words between two marks; the same mark may stand between them within a word only.
const MARKED =
  /<([^<>\n]+)>|`([^`\n]+)`|(?<![\p{L}\p{N}*_~])([*_~])(?!\s|\3)((?:(?!\3)[^\n]|(?<=[\p{L}\p{N}])\3(?=[\p{L}\p{N}]))+)(?<!\s)\3(?![\p{L}\p{N}])/u;

function inline(text) {
  const tree = [];
  let rest = text;
  for (let found = MARKED.exec(rest); found; found = MARKED.exec(rest)) {
    tree.push(decoded(rest.slice(0, found.index)), marked(found));
    rest = rest.slice(found.index + found[0].length);
  }
  tree.push(decoded(rest));
  return joined(tree);
}

function marked([, link, code, mark, inside]) {
  if (link !== undefined) return reference(link);
  if (code !== undefined) return { kind: "code", inside: [decoded(code)] };
  return { kind: KINDS[mark], inside: inline(inside) };
}

/** `<url|text>`, `<@U0>`, `<#C0|name>`, `<!here>`. */
function reference(text) {
  const at = text.indexOf("|");
  const target = at < 0 ? text : text.slice(0, at);
  const label = at < 0 ? "" : decoded(text.slice(at + 1));
  if ("@#!".includes(target[0])) return { kind: "mention", inside: [mention(target, label)] };
  const to = decoded(target);
  if (!/^(https?:\/\/|mailto:)/i.test(to)) return label || to;
  return { kind: "link", to, inside: [label || to] };
}

function mention(target, label) {
  const name = label || target.slice(1).split("^")[0];
  if (target.startsWith("!date")) return name;
  return (target[0] === "#" ? "#" : "@") + name;
}

/** Slack escapes three characters and no others. */
function decoded(text) {
  return text.replace(/&(lt|gt|amp);/g, (_, name) => ({ lt: "<", gt: ">", amp: "&" })[name]);
}

/** Without empty texts, neighbouring ones as one. */
function joined(tree) {
  return tree.reduce((all, node) => {
    if (typeof node !== "string") return [...all, node];
    if (node === "") return all;
    if (typeof all.at(-1) === "string") return [...all.slice(0, -1), all.at(-1) + node];
    return [...all, node];
  }, []);
}

const TAGS = {
  bold: "strong", italic: "em", strike: "s", code: "code", pre: "pre", quote: "blockquote",
  mention: "span", link: "a",
};

/** The tree as nodes. */
export function nodes(tree) {
  return tree.map((node) => {
    if (typeof node === "string") return document.createTextNode(node);
    const element = document.createElement(TAGS[node.kind]);
    if (node.kind === "mention") element.className = "mention";
    if (node.kind === "link") {
      Object.assign(element, { href: node.to, target: "_blank", rel: "noopener noreferrer" });
    }
    element.append(...nodes(node.inside));
    return element;
  });
}
