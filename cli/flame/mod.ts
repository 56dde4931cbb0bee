/**
 * Flamegraphs as files: pages, SVG, folded stacks, speedscope and text, and the difference of two.
 *
 * @module
 */
export { diffProfiles, isFlameDiff } from "./diff.ts";
export type { FlameDiff, FlamePicture } from "./diff.ts";
export { FLAME_FORMATS, flameFormat, formatOfName } from "./formats.ts";
export type { FlameFormat, FlameFormatInfo } from "./formats.ts";
export { flameReaders, readFlameFile } from "./read_flame.ts";
export type { FlameReader } from "./read_flame.ts";
export { renderFlame } from "./render_flame.ts";
export type { FlameLook } from "./render_flame.ts";
