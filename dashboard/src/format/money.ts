/** An amount as the API sends it: a decimal string, which is never computed with here. */
export interface Money {
  readonly amount: string;
  readonly currency: string;
}

const formats = new Map<number, Intl.NumberFormat>();

function format(digits: number): Intl.NumberFormat {
  let known = formats.get(digits);
  if (!known) {
    known = new Intl.NumberFormat("en-US", {
      style: "currency",
      currency: "USD",
      minimumFractionDigits: digits === 0 ? 0 : 2,
      maximumFractionDigits: digits,
    });
    formats.set(digits, known);
  }
  return known;
}

/** Digits that matter: cents below a thousand, whole dollars above, more for what is tiny. */
function digitsOf(amount: number): number {
  const size = Math.abs(amount);
  if (size >= 1000) return 0;
  return size > 0 && size < 0.1 ? 4 : 2;
}

/** `$131.10`, `$94,406`, `$0.0464`. */
export function money({ amount }: Money): string {
  // A string keeps all digits; the number only says how many of them are worth reading.
  return format(digitsOf(Number(amount))).format(amount as unknown as number);
}

/** As a number, for lengths of bars alone. */
export function size({ amount }: Money): number {
  return Number(amount);
}
