/**
 * What stands out in a report, by rules.
 *
 * @module
 */
export { advise } from "./advise.ts";
export { renderAdvice } from "./advice_text.ts";
