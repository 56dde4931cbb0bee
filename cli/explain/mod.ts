/**
 * What `--explain` prints.
 *
 * @module
 */
export { explain } from "./explanation.ts";
export type { Explanation } from "./explanation.ts";
export { explanationText } from "./explanation_text.ts";
