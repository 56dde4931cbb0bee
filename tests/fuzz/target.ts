/** What is fuzzed: something that reads what others made. */
import type { Draw } from "./draw.ts";

/** What a reader is given: bytes of a file, a text, or the words of a command line. */
export type Input = Uint8Array<ArrayBuffer> | string | readonly string[];

/** A reader, and what it costs at most. */
export interface Target<Kind extends Input = Input> {
  /** Time spent on it in one run of the tests, seconds. */
  seconds: number;
  /** Makes an input, the same from the same draws. */
  make(draw: Draw): Kind;
  /**
   * Reads an input and gives the bytes of what it made of it. Throws an `IorError` for one that is refused; any other
   * error is a finding.
   */
  read(input: Kind): number | Promise<number>;
  /**
   * What reading an input may take: so many milliseconds, and so many for each kilobyte of it. Of the processor's time and the
   * shortest of several tries, so that a busy machine is no finding.
   */
  mostMs: { few: number; perKilobyte: number };
  /** What may be made of an input: so many bytes, and so many for each byte of it. */
  mostBytes: { few: number; perByte: number };
  /** True when errors repeat the input, which a user typed: of a file they show a little. */
  repeatsInput?: true;
}

/** Bytes of an input. */
export function sizeOf(input: Input): number {
  if (input instanceof Uint8Array) return input.length;
  return typeof input === "string" ? new TextEncoder().encode(input).length : input.join("\0").length;
}
