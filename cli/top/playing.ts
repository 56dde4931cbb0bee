/** A recording that is played: its speed, and the moments to go to. */
import { IorError } from "../../runtime/errors.ts";
import { parseDuration } from "../../runtime/units.ts";
import type { Model, Playing, Step } from "./model.ts";
import { step } from "./model.ts";

/** Slowest and fastest: calls one by one, and an hour in a second. */
const MIN_SPEED = 1 / 64;
const MAX_SPEED = 4096;

/** Part of the recording that a step goes on or back. */
const STEP_SHARE = 1 / 20;

/** The state in which the recording plays faster, or slower. */
export function atSpeed(model: Model, playing: Playing, factor: number): Step {
  const speed = Math.min(Math.max(playing.speed * factor, MIN_SPEED), MAX_SPEED);
  return step({ ...model, playing: { ...playing, speed } });
}

/** Goes to a moment, or to the nearest one that the recording has. */
export function seeked(model: Model, playing: Playing, toNs: number): Step {
  const nearNs = Math.min(Math.max(toNs, playing.startNs), playing.endNs);
  return step({ ...model, data: { ...model.data, elapsedNs: nearNs } }, { kind: "seek", toNs: nearNs });
}

/** Goes on or back by steps. */
export function stepped(model: Model, playing: Playing, steps: number): Step {
  return seeked(
    model,
    playing,
    model.data.elapsedNs + steps * STEP_SHARE * (playing.endNs - playing.startNs),
  );
}

/** Stands still or goes on; at its end the recording begins again. */
export function playedOrPaused(model: Model, playing: Playing): Step {
  const isPlaying = !playing.isPlaying;
  const next = { ...playing, isPlaying };
  const lists = { ...model.lists, stream: { ...model.lists.stream, selected: null } };
  const moved = { ...model, playing: next, lists: isPlaying ? lists : model.lists };
  const isOver = isPlaying && model.data.elapsedNs >= playing.endNs;
  return isOver ? seeked(moved, next, playing.startNs) : step(moved);
}

/**
 * The moment that a text means: `50%`, `12s` since the first moment, or with a sign so much later or earlier than `nowNs`. Throws an `IorError` for
 * any other text.
 */
export function momentOf(text: string, { startNs, endNs }: Playing, nowNs: number): number {
  const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(text.trim()) ?? [];
  if (percent !== undefined) return startNs + Number(percent) / 100 * (endNs - startNs);
  const [, sign, amount] = /^([+-]?)(.*)$/s.exec(text.trim())!;
  try {
    const ns = parseDuration(amount, { subject: "moment", bareSeconds: true, longUnits: true });
    return sign === "" ? startNs + ns : nowNs + (sign === "+" ? ns : -ns);
  } catch {
    throw new IorError("usage", `Cannot go to \`${text}\`: it must be a moment such as 12s, +5s, -1m or 50%`);
  }
}
