import type { KernelTypes } from "./machine.ts";

/** What the programs use of a kernel, and the names in its type information that show it is there. */
const FEATURE_NAMES = {
  /** The ring that carries the records. */
  ring_buffer: ["BPF_MAP_TYPE_RINGBUF"],
  /** Memory of each thread, for the call it is in. */
  task_storage: ["BPF_MAP_TYPE_TASK_STORAGE"],
  /** Tracepoints that programs attach to by type. */
  tracepoints: [
    "btf_trace_sys_enter",
    "btf_trace_sys_exit",
    "btf_trace_sched_process_fork",
    "btf_trace_sched_process_exec",
    "btf_trace_sched_process_exit",
    "btf_trace_signal_deliver",
  ],
  /** Loops over a map, for walks to the root of a path. */
  loops: ["bpf_for_each_map_elem"],
  /** Programs that are run over all threads. */
  task_iterator: ["bpf_iter_task"],
  /** Reads of kernel memory that the verifier checks in place of a helper that copies. */
  cast: ["bpf_rdonly_cast"],
  /** The tracepoint of completed requests to io_uring, as it is since 6.0. */
  io_uring: ["btf_trace_io_uring_complete", "io_cmd_data"],
  /** Tracepoints of threads that leave the processor and wait for one: `--waits`. */
  waits: ["btf_trace_sched_switch", "btf_trace_sched_wakeup"],
  /** The tracepoint of pages that are brought into the page cache: `--cache`. */
  cache: ["btf_trace_mm_filemap_add_to_page_cache", "folio"],
  /** The file that is mapped at the address of a page fault: mapped I/O, with `--cache`. */
  mapped_io: ["btf_trace_mm_filemap_add_to_page_cache", "folio", "bpf_find_vma"],
  /** The tracepoint of page faults, where they are no event of perf. */
  page_faults: ["btf_trace_page_fault_user"],
  /** The stack of a thread: `--stacks`. */
  stacks: ["bpf_get_task_stack"],
  /** Memory of programs counts for the control group, not for a limit: libbpf asks by the same function. */
  memory_by_group: ["bpf_ktime_get_coarse_ns"],
} as const;

/** One of them. */
export type KernelFeature = keyof typeof FEATURE_NAMES;

/** All of them. */
export const KERNEL_FEATURES = Object.keys(FEATURE_NAMES) as KernelFeature[];

/** The names by which a feature is known. */
export function featureNames(feature: KernelFeature): readonly string[] {
  return FEATURE_NAMES[feature];
}

/** Whether the running kernel has a feature. */
export function hasFeature(types: Pick<KernelTypes, "has">, feature: KernelFeature): boolean {
  return FEATURE_NAMES[feature].every((name) => types.has(name));
}
