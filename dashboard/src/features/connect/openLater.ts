/** A tab whose address is not known yet. */
export interface LaterTab {
  /** Leads it where it was opened for. */
  readonly lead: (url: string) => void;
  readonly close: () => void;
}

/**
 * Opens a tab at the press itself, since browsers block one that is opened later; none where it was blocked
 * all the same. What comes to stand in it gets no hold of this page.
 */
export function openLater(): LaterTab | undefined {
  const tab = window.open("", "_blank");
  if (!tab) return undefined;
  tab.opener = null;
  return { lead: (url) => tab.location.replace(url), close: () => tab.close() };
}
