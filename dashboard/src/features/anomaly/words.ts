import { sentence } from "@/format/words";

/** With a capital letter, unless it begins with a name: `user/ana` and `p4d.24xlarge` stay as they are. */
export function line(text: string): string {
  return /^[a-z]+[,;:]?( |$)/.test(text) ? sentence(text) : text;
}
