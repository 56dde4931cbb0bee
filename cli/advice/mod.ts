/**
 * What stands out in a report, by rules.
 *
 * @module
 */
export { advise } from "./advise.ts";
export type { Advice } from "./advise.ts";
export { renderAdvice } from "./advice_text.ts";
export type { AdviceTextOptions } from "./advice_text.ts";
