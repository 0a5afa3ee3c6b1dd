import { nameOfService } from "@/format/services";
import { sentence } from "@/format/words";

/** With a capital letter, unless it begins with a name: `user/ana` and `p4d.24xlarge` stay as they are. */
export function line(text: string): string {
  const [first = ""] = text.split(" ", 1);
  const service = nameOfService(first);
  if (service !== first) return service + text.slice(first.length);
  return /^[a-z]+[,;:]?$/.test(first) ? sentence(text) : text;
}
