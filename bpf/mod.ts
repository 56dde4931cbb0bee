/**
 * What knows the kernel: the programs, libbpf through FFI, the reader of the ring and the decoder.
 *
 * @module
 */
export { Capture, readObject, spareDescriptor } from "./capture.ts";
export type { CaptureOptions, CaptureStart, ProcessWatch, ProgramCost } from "./capture.ts";
export { machineArch } from "./machine.ts";
export { OwnProcess } from "./own_process.ts";
