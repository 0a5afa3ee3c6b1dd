/** `1 account`, `3 accounts`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString("en-US")} ${number === 1 ? one : many}`;
}

/** `Not_expected` and `safety-net` as people write: `not expected`, `safety net`. */
export function plain(word: string): string {
  return word.replaceAll(/[_-]/g, " ");
}

/** With a capital letter. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
