import { type Machine, parseArguments, type StreamCommand, type TraceCommand } from "../../cli/args/mod.ts";

/** A machine with one user, `alice`, for tests of the command line. */
export const MACHINE: Machine = {
  version: "1.2.3",
  arch: "x86_64",
  pageBytes: 4096,
  userId: (name) => name === "alice" ? 1000 : null,
};

/** Parses a `trace` command line; anything else it gives fails. */
export function parseTrace(...args: string[]): TraceCommand {
  const parsed = parseArguments(["trace", ...args], MACHINE);
  if (parsed.kind !== "trace") throw new Error(`Parsed ${parsed.kind}, wanted trace`);
  return parsed;
}

/** Parses a `stream` command line; anything else it gives fails. */
export function parseStream(...args: string[]): StreamCommand {
  const parsed = parseArguments(["stream", ...args], MACHINE);
  if (parsed.kind !== "stream") throw new Error(`Parsed ${parsed.kind}, wanted stream`);
  return parsed;
}
