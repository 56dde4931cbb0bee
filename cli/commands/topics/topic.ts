import type { Command } from "../command.ts";
import type { Notes } from "../notes.ts";

/** Terms under a heading, each with its meaning. */
export interface Terms {
  title: string;
  terms: readonly (readonly [term: string, meaning: string])[];
}

/** What `ior help TOPIC` explains. */
export interface Topic {
  /** The word that selects it. */
  name: string;
  /** One line for the list of topics. */
  summary: string;
  /** Paragraphs. */
  about: readonly string[];
  /** What is listed below them; made of the tables of the program where there are some. */
  sections(commands: readonly Command[]): (Notes | Terms)[];
}
