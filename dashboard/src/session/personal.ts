/** Begins the names of what the browser keeps of a person beside his tokens. */
export const PERSONAL = "dd0c.my.";

/** Forgets all of it, in this tab and in what tabs share: the next person begins anew. */
export function forgetPersonal(): void {
  for (const storage of [sessionStorage, localStorage]) {
    const keys = Array.from({ length: storage.length }, (_, place) => storage.key(place) ?? "");
    keys.filter((key) => key.startsWith(PERSONAL)).forEach((key) => storage.removeItem(key));
  }
}
