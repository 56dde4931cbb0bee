/**
 * What knows the kernel: the programs, libbpf through FFI, the reader of the ring and the decoder.
 *
 * @module
 */
export { Capture } from "./capture.ts";
export type { CaptureOptions, CaptureStart } from "./capture.ts";
export type { ProgramCost } from "./counters.ts";
export { readObject } from "./load.ts";
export { machineArch } from "./machine.ts";
export { spareDescriptor } from "./processes.ts";
export type { ProcessWatch } from "./processes.ts";
