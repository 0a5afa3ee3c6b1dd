import { useState, type KeyboardEvent } from "react";

/** The list below the field of a time zone: what was typed, and which entry the keys stand on. */
export function useZoneList(onChange: (zone: string) => void) {
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(0);

  const show = () => setOpen(true);
  const close = () => {
    setOpen(false);
    setTyped(undefined);
    setAt(0);
  };
  const choose = (zone: string) => {
    onChange(zone);
    close();
  };
  const type = (text: string) => {
    setTyped(text);
    setAt(0);
    show();
  };
  const move = (by: number, length: number) => {
    if (open) setAt(Math.max(0, Math.min(length - 1, at + by)));
    show();
  };
  const key = (event: KeyboardEvent, found: readonly string[]) => {
    const zone = found[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1, found.length);
    } else if (event.key === "Enter" && open) {
      event.preventDefault();
      if (zone) choose(zone);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      close();
    }
  };
  return { typed, open, at, show, close, choose, type, key };
}
