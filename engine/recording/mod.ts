/**
 * Recordings as a source of batches. A door of its own: a trace needs none of the libraries behind it, and its start counts.
 *
 * @module
 */
export { isRecording } from "./is_recording.ts";
export { openRecording } from "./open_recording.ts";
export type { Recording } from "./open_recording.ts";
