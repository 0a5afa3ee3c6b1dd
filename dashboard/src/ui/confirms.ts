/** Whether what was typed is the word, however it is written. */
export function confirms(typed: string, word: string): boolean {
  return typed.trim().toLowerCase() === word.toLowerCase();
}
