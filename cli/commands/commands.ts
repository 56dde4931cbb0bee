import type { Command } from "./command.ts";
import type { CommandName } from "./command_names.ts";

/** The commands, in the order the help lists them. Each is loaded on demand. */
export const COMMANDS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  trace: async () => (await import("./trace/command.ts")).TRACE,
  top: async () => (await import("./top/command.ts")).TOP,
  stream: async () => (await import("./stream/command.ts")).STREAM,
  record: async () => (await import("./record/command.ts")).RECORD,
  files: async () => (await import("./files/command.ts")).FILES,
  serve: async () => (await import("./serve/command.ts")).SERVE,
  flame: async () => (await import("./flame/command.ts")).FLAME,
  report: async () => (await import("./report/command.ts")).REPORT,
  diff: async () => (await import("./diff/command.ts")).DIFF,
  doctor: async () => (await import("./doctor/command.ts")).DOCTOR,
  probes: async () => (await import("./probes/command.ts")).PROBES,
  completions: async () => (await import("./completions/command.ts")).COMPLETIONS,
  man: async () => (await import("./man/command.ts")).MAN,
  schema: async () => (await import("./schema/command.ts")).SCHEMA,
};

/** All of them. */
export function allCommands(): Promise<Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
