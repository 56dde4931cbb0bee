/**
 * Recordings as a source of batches. An entry of its own: a trace needs none of the libraries behind it, and would start slower with them.
 *
 * @module
 */
export { FileReader } from "./file_reader.ts";
export { inOrder } from "./in_order.ts";
export { isRecording } from "./is_recording.ts";
export { openRecording } from "./open_recording.ts";
export type { Recording } from "./open_recording.ts";
