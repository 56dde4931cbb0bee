import type { ColorMode } from "./args/mod.ts";

/** True when a standard stream is a terminal. */
export function isTerminal(stream: "stdout" | "stderr"): boolean {
  return Deno[stream].isTerminal();
}

/** Columns of the terminal; 80 where it does not say. */
export function terminalWidth(): number {
  try {
    return Deno.consoleSize().columns || 80;
  } catch {
    return 80;
  }
}

/** Whether to colour: asked for, or on a terminal that can and a user who did not decline. */
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
