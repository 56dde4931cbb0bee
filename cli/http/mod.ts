/**
 * A small HTTP server.
 *
 * @module
 */
export { HttpServer } from "./server.ts";
export type { Handler } from "./server.ts";
export type { HttpRequest } from "./request.ts";
export { plainResponse } from "./response.ts";
export type { HttpResponse } from "./response.ts";
