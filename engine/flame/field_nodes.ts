import type { FileName, TaskName } from "../../runtime/event_batch.ts";
import type { Arch } from "../../runtime/syscalls/mod.ts";
import type { FrameNames } from "./frame_names.ts";
import type { TrieNodes } from "./trie_nodes.ts";

/** A call as numbers. */
export interface CallNumbers {
  /** System call. */
  nr: number;
  /** Slots of its task and its file. */
  task: number;
  file: number;
  /** Number of the name in the file's slot, a new one whenever the name changes; 0 without a file. */
  fileId: number;
  /** The same of the text of its stack. */
  stack: number;
  stackId: number;
  /** How it ended, see call_ending.ts. */
  ending: number;
}

/** Source of the names of frames. */
export interface NameSource {
  arch: Arch;
  /** The names in slots. They throw when a slot has none. */
  task(slot: number): TaskName;
  file(slot: number): FileName;
}

/** What the frames of all fields share. */
export interface TrieParts {
  nodes: TrieNodes;
  names: FrameNames;
  source: NameSource;
}

/** The frames of one field. */
export interface FieldNodes {
  /** The node of a call's last frame of this field below `parent`; `parent` itself when it has none. */
  find(parent: number, call: CallNumbers): number;
  /** To be called when a slot has a new name. */
  renamed(what: "task" | "file", slot: number): void;
  /** Forgets all nodes: their numbers have changed. */
  forgetNodes(): void;
  /** Forgets all labels: the numbers of names have changed. */
  forgetLabels(): void;
}
