import assert from "node:assert/strict";
import { hasFeature, KERNEL_FEATURES } from "../../bpf/features.ts";

Deno.test("A feature is there when all of its names are", () => {
  const names = [
    "btf_trace_sys_enter",
    "btf_trace_sys_exit",
    "btf_trace_sched_process_fork",
    "btf_trace_sched_process_exec",
    "btf_trace_sched_process_exit",
    "btf_trace_signal_deliver",
  ];
  const kernel = (names: string[]) => ({ has: (name: string) => names.includes(name) });
  assert.deepEqual(KERNEL_FEATURES.filter((feature) => hasFeature(kernel(names), feature)), ["tracepoints"]);
  for (const name of names) {
    assert.ok(!hasFeature(kernel(names.filter((other) => other !== name)), "tracepoints"), name);
  }
});
