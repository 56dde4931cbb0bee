/**
 * What knows the kernel: the programs, libbpf through FFI, the reader of the ring and the decoder.
 *
 * @module
 */
export { Capture, loadMappedSums, loadStacks } from "./capture.ts";
export type { CaptureOptions, CaptureStart, GroupPlan, GroupTarget } from "./capture.ts";
export type { ProgramCost } from "./counters.ts";
export { examineMachine } from "./examine.ts";
export type { MachineFacts } from "./examine.ts";
export type { KernelFeature } from "./features.ts";
export { GateSocket } from "./gate_socket.ts";
export { groupId, groupsIn, levelOf, unifiedHierarchy } from "./hierarchy.ts";
export type { Hierarchy } from "./hierarchy.ts";
export { kernelCalls } from "./kernel_calls.ts";
export type { CallPresence } from "./kernel_calls.ts";
export { kernelArch, machineArch } from "./machine.ts";
export { OwnProcess } from "./own_process.ts";
