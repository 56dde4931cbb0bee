/**
 * Flamegraphs as files: pages, SVG, folded stacks, speedscope and text, and the difference of two.
 *
 * @module
 */
export { diffProfiles, isFlameDiff } from "./diff.ts";
export type { FlamePicture } from "./diff.ts";
export { flameFormat, formatOfName } from "./formats.ts";
export type { FlameFormat } from "./formats.ts";
export { flameReaders, readFlameFile } from "./read_flame.ts";
export { renderFlame } from "./render_flame.ts";
