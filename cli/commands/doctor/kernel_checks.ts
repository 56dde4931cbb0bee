/** What ior wants of the kernel. */
import type { KernelFeature, MachineFacts } from "../../../engine/mod.ts";
import { type Check, type CheckStatus, met } from "./check.ts";

/** What a kernel without a feature costs. */
interface Lack {
  name: string;
  /** The feature where it is there. */
  has: string;
  /** The feature where it is not. */
  lacks: string;
  status: CheckStatus;
  costs: string;
  mend: string;
}

const NOTHING_TRACED = "nothing can be traced";
const NEWER = (release: string) => `Use Linux ${release} or later`;

/** Features that have a line, in the order of the lines. */
const LACKS: Readonly<Partial<Record<KernelFeature, Lack>>> = {
  tracepoints: {
    name: "tracepoints",
    has: "system calls, processes and signals can be followed by type (tp_btf)",
    lacks: "a tracepoint of system calls, processes or signals is not there",
    status: "missing",
    costs: NOTHING_TRACED,
    mend: "Use a kernel built with CONFIG_FTRACE_SYSCALLS=y",
  },
  ring_buffer: {
    name: "ring_buffer",
    has: "programs can send records (BPF_MAP_TYPE_RINGBUF)",
    lacks: "the kernel has no ring for records (BPF_MAP_TYPE_RINGBUF)",
    status: "missing",
    costs: NOTHING_TRACED,
    mend: NEWER("5.8"),
  },
  task_storage: {
    name: "task_storage",
    has: "programs can remember the call of each thread (BPF_MAP_TYPE_TASK_STORAGE)",
    lacks: "the kernel keeps no memory of programs for threads (BPF_MAP_TYPE_TASK_STORAGE)",
    status: "missing",
    costs: NOTHING_TRACED,
    mend: NEWER("5.11"),
  },
  loops: {
    name: "loops",
    has: "programs can walk to the root of a path (bpf_for_each_map_elem)",
    lacks: "programs cannot walk to the root of a path (bpf_for_each_map_elem)",
    status: "missing",
    costs: NOTHING_TRACED,
    mend: NEWER("5.13"),
  },
  task_iterator: {
    name: "task_iterator",
    has: "programs can visit all threads (iter/task)",
    lacks: "programs cannot visit all threads (iter/task)",
    status: "missing",
    costs: NOTHING_TRACED,
    mend: NEWER("5.8"),
  },
  cast: {
    name: "rdonly_cast",
    has: "kernel memory is read directly (bpf_rdonly_cast)",
    lacks: "kernel memory is copied to be read (no bpf_rdonly_cast)",
    status: "degraded",
    costs: "a call on a file takes about 90 ns more while it is traced",
    mend: NEWER("6.2"),
  },
  io_uring: {
    name: "io_uring",
    has: "requests to io_uring can be followed",
    lacks: "requests to io_uring cannot be followed (no tracepoint io_uring_complete)",
    status: "degraded",
    costs: "reports do not show how much I/O bypasses system calls",
    mend: "Use Linux 6.0 or later, built with CONFIG_IO_URING=y",
  },
  waits: {
    name: "sched_switch",
    has: "what calls off the processor wait for can be told (--waits)",
    lacks:
      "what calls off the processor wait for cannot be told (no tracepoint sched_switch or sched_wakeup)",
    status: "degraded",
    costs: "--waits cannot be used",
    mend: NEWER("5.8"),
  },
  stacks: {
    name: "stacks",
    has: "the code that makes calls can be found (--stacks)",
    lacks: "the code that makes calls cannot be found (bpf_get_task_stack)",
    status: "degraded",
    costs: "--stacks cannot be used",
    mend: "Use a kernel built with CONFIG_PERF_EVENTS=y",
  },
  cache: {
    name: "page_cache",
    has: "what calls bring into the page cache can be counted (--cache)",
    lacks:
      "what calls bring into the page cache cannot be counted (no tracepoint mm_filemap_add_to_page_cache)",
    status: "degraded",
    costs: "--cache cannot be used",
    mend: NEWER("6.1"),
  },
  mapped_io: {
    name: "mapped_io",
    has: "what page faults read of mapped files can be told (--cache, bpf_find_vma)",
    lacks: "what page faults read of mapped files cannot be told (no bpf_find_vma)",
    status: "degraded",
    costs: "--cache shows what calls bring into the page cache, not what page faults do",
    mend: NEWER("6.1"),
  },
};

/** What the kernel's features cost and how to mend them, one line each. */
export function kernelChecks({ features, kernel, arch, waitsForPrograms }: MachineFacts): Check[] {
  const lines = [met("kernel", `Linux ${kernel} on ${arch}`)];
  if ("message" in features) {
    lines.push({
      name: "btf",
      status: "missing",
      found: features.message.replace(/^Cannot trace: /, ""),
      costs: NOTHING_TRACED,
      mend: features.hint ?? null,
    });
  } else {
    lines.push(met("btf", "the kernel describes its types"));
  }
  for (const [feature, lack] of Object.entries(LACKS)) {
    const { name, has, lacks, status, costs, mend } = lack;
    if ("message" in features) {
      lines.push({
        name,
        status: "unknown",
        found: "only the kernel's type information tells",
        costs: null,
        mend: null,
      });
    } else {
      lines.push(
        features[feature as KernelFeature] ? met(name, has) : { name, status, found: lacks, costs, mend },
      );
    }
  }
  lines.push(
    waitsForPrograms ? met("membarrier", "the kernel can wait until no program runs") : {
      name: "membarrier",
      status: "degraded",
      found: "the kernel cannot wait until no program runs (membarrier(2))",
      costs:
        "where calls are added up, only the first 7,000 combinations of thread, call, file and error are, and all others are rows",
      mend: "Start the machine without nohz_full",
    },
  );
  return lines;
}
