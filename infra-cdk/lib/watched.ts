// Finds all that must be watched, so that nothing has to be registered and nothing is forgotten.

import type { IConstruct } from "constructs";
import { CallbackTopic } from "./constructs/callback-topic.ts";
import { DeadLetterQueue } from "./constructs/dead-letter-queue.ts";
import { HttpDoor } from "./constructs/http-door.ts";
import { QueueWithDlq } from "./constructs/queue-with-dlq.ts";
import { RustFunction } from "./constructs/rust-function.ts";
import { StaticSite } from "./constructs/static-site.ts";

export interface Watched {
  readonly functions: readonly RustFunction[];
  readonly queues: readonly QueueWithDlq[];
  readonly deadLetters: readonly DeadLetterQueue[];
  readonly doors: readonly HttpDoor[];
  readonly topics: readonly CallbackTopic[];
  /** None where nothing stands at the edge. */
  readonly sites: readonly StaticSite[];
}

/** All functions, queues, doors, topics and sites that have been built below `root`. */
export function watchedBelow(root: IConstruct): Watched {
  const all = root.node.findAll();
  return {
    functions: all.filter((each) => each instanceof RustFunction),
    queues: all.filter((each) => each instanceof QueueWithDlq),
    deadLetters: all.filter((each) => each instanceof DeadLetterQueue),
    doors: all.filter((each) => each instanceof HttpDoor),
    topics: all.filter((each) => each instanceof CallbackTopic),
    sites: all.filter((each) => each instanceof StaticSite),
  };
}

/** The function of this name. */
export function functionNamed({ functions }: Watched, name: string): RustFunction {
  const found = functions.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`there is no function ${name}`);
}

/** The door of this name. */
export function doorNamed({ doors }: Watched, name: string): HttpDoor {
  const found = doors.find((each) => each.name === name);
  if (found) return found;
  throw new Error(`there is no door ${name}`);
}

/** The queue of this name. */
export function queueNamed({ queues }: Watched, name: string): QueueWithDlq {
  const found = queues.find((each) => each.node.id === name);
  if (found) return found;
  throw new Error(`there is no queue ${name}`);
}
