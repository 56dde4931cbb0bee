import type { ColorMode, LookOptions } from "../options/mod.ts";

/** Appearance of text on the output. */
export interface Look {
  color: boolean;
  ascii: boolean;
  /** Columns of the terminal or of `COLUMNS`; `null` for a file or a pipe. */
  width: number | null;
  /** Whether it goes to a terminal, whatever `COLUMNS` says. */
  isTerminal: boolean;
}

/** The appearance of text on the output of the options. */
export function lookOf({ output, color, ascii }: LookOptions): Look {
  const environment = Deno.env.toObject();
  const toTerminal = output === null && isTerminal("stdout");
  return {
    color: hasColor(color, toTerminal, environment),
    ascii: ascii || !hasUnicode(environment),
    width: columnsAsked(environment) ?? (toTerminal ? terminalWidth() : null),
    isTerminal: toTerminal,
  };
}

/** The width that the user asks for with `COLUMNS`, on a terminal or not. */
function columnsAsked({ COLUMNS }: Readonly<Record<string, string>>): number | null {
  return COLUMNS !== undefined && /^[1-9]\d{0,4}$/.test(COLUMNS) ? Number(COLUMNS) : null;
}

/** True when a standard stream is a terminal. */
export function isTerminal(stream: "stdout" | "stderr"): boolean {
  return Deno[stream].isTerminal();
}

/** Columns of the terminal; 80 when unknown. */
export function terminalWidth(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** Whether to colour: on request, or on a capable terminal unless the user declined. */
export function hasColor(
  mode: ColorMode,
  terminal: boolean,
  environment: Readonly<Record<string, string>>,
): boolean {
  if (mode !== "auto") return mode === "always";
  return terminal && !environment.NO_COLOR && environment.TERM !== "dumb";
}

/** Whether the locale's encoding can show more than ASCII (`man 7 locale`: the first of these that is set counts). */
export function hasUnicode(environment: Readonly<Record<string, string>>): boolean {
  const locale = environment.LC_ALL || environment.LC_CTYPE || environment.LANG || "";
  return /utf-?8/i.test(locale);
}
