/**
 * Open file descriptions as sessions. An entry of its own: other commands start faster without it.
 *
 * @module
 */
export type { Access } from "./access_pattern.ts";
export type { FileSession, SessionState } from "./description.ts";
export { FileSessions } from "./file_sessions.ts";
export type { SessionsResult } from "./file_sessions.ts";
