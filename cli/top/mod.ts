/**
 * The live view: plain state, pure frames, and the loop that runs it over what a trace publishes.
 *
 * @module
 */
export { atBaseline, isBaselineDue } from "./data.ts";
export { filterOf, parseTyped } from "./filters.ts";
export { TopInterface } from "./interface.ts";
export { KeyDecoder } from "./keys.ts";
export { LiveView } from "./live_view.ts";
export type { Actions, Display, Followed, Restart } from "./live_view.ts";
export { startModel, VIEW_IDS } from "./model.ts";
export type { Model, ViewId } from "./model.ts";
export { requestOf } from "./request.ts";
export { batchText, savedText } from "./saved.ts";
export { canShowLiveView, LiveTerminal } from "./terminal.ts";
export { update } from "./update.ts";
export { PROCESS_GROUPS } from "./views/processes.ts";
export { STACK_GROUPS } from "./views/stacks.ts";
