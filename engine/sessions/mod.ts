/**
 * Open file descriptions as sessions. An entry of its own: other commands start faster without it.
 *
 * @module
 */
export { FileSessions } from "./file_sessions.ts";
