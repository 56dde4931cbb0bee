/**
 * The flight recorder. An entry of its own: other commands start faster without it.
 *
 * @module
 */
export { FlightRecorder } from "./flight_recorder.ts";
export type { FlightPlan, FlightWindow, WindowSink } from "./flight_recorder.ts";
