import { Button } from "@/ui/Button";
import { confirms } from "@/ui/confirms";
import { TextField } from "@/ui/Field";
import { useState, type ComponentProps, type FormEvent } from "react";

/** Says what happens, and does it only for who has typed the word. */
export function ConfirmByWord({
  happens,
  word,
  wrong,
  action,
  keep,
  busy,
  inputMode,
  onConfirm,
  onClose,
}: {
  /** In the order of time. */
  happens: readonly string[];
  word: string;
  /** What is said where something else was typed. */
  wrong: string;
  action: string;
  keep: string;
  busy: boolean;
  inputMode?: ComponentProps<"input">["inputMode"];
  /** Whether it was done; then it closes. */
  onConfirm: () => Promise<boolean>;
  onClose: () => void;
}) {
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string>();
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    if (!confirms(typed, word)) return setProblem(wrong);
    if (await onConfirm()) onClose();
  };
  return (
    <form noValidate onSubmit={confirm} className="space-y-4">
      <ul className="list-disc space-y-1.5 pl-5 text-sm marker:text-line-strong">
        {happens.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <TextField
        label={`Type ${word} to confirm`}
        autoFocus
        inputMode={inputMode}
        autoComplete="off"
        autoCapitalize="none"
        className="font-mono"
        value={typed}
        problem={problem}
        onChange={(event) => {
          setTyped(event.target.value);
          setProblem(undefined);
        }}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{keep}</Button>
        <Button type="submit" look="danger" busy={busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}
