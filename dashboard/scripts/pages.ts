/** Scripts that a page loads by itself, as paths; not those for browsers without modules. */
export function scriptsOf(html: string): string[] {
  return tags(html, "script")
    .filter((tag) => !/\snomodule/i.test(tag))
    .map((tag) => /\ssrc="([^"]+)"/.exec(tag)?.[1])
    .filter((source) => source !== undefined);
}

/** What stands in a page and would need an exception of its security policy. */
export function inlined(html: string): string[] {
  const scripts = tags(html, "script").filter(
    (tag) => !tag.includes(" src=") && !tag.includes('type="application/json"'),
  );
  const handlers = html.match(/<[^>]+\son[a-z]+="[^>]*>/g) ?? [];
  const styles = html.match(/<style[^>]*>|<[^>]+\sstyle="[^>]*>/g) ?? [];
  return [...scripts, ...handlers, ...styles];
}

function tags(html: string, name: string): string[] {
  return html.match(new RegExp(`<${name}[^>]*>`, "g")) ?? [];
}
