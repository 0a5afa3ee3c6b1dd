/** Letters that fit into a line of the smallest screen. */
const FITS = 32;

/** A piece of a line: a word, or the blanks between two. */
export interface Piece {
  readonly word: string;
  /** Not to be broken: a browser would break `--no-dry-run` behind each of its hyphens. */
  readonly isWhole: boolean;
}

/** A line in pieces; joined they are the line again. */
export function wordsOf(line: string): Piece[] {
  return (line.match(/\s+|\S+/g) ?? []).map((word) => ({
    word,
    isWhole: word.length <= FITS && /\S/.test(word),
  }));
}
