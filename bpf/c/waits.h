/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Where the time of a call off the processor goes, for EXTRA_WAITS. A thread that leaves the processor while it could run
 * waits for a processor; one that blocks waits for I/O if the kernel has said so (in_iowait), else for anything else, and
 * from its wake-up on for a processor. Only these programs write the times, under the lock of the run queue that the
 * thread is on or leaves, and the thread itself while it runs.
 */
#ifndef IOR_WAITS_H
#define IOR_WAITS_H

#include "extras.h"
#include <bpf/bpf_tracing.h>

SEC("tp_btf/sched_switch")
int BPF_PROG(ior_switch, bool preempted, struct task_struct *prev, struct task_struct *next)
{
	struct extra_state *x = bpf_task_storage_get(&extras, prev, 0, 0);

	if (x) {
		u64 now = bpf_ktime_get_boot_ns();
		end_wait(x, now); /* the last one, whose end the kernel has not shown */
		x->wait = preempted || !prev->__state ? WAIT_QUEUE :
			  BPF_CORE_READ_BITFIELD(prev, in_iowait) ? WAIT_IO : WAIT_OTHER;
		x->off_ns = now;
	}
	x = bpf_task_storage_get(&extras, next, 0, 0);
	if (x)
		end_wait(x, bpf_ktime_get_boot_ns());
	return 0;
}

/* A thread that blocked can run, and waits for a processor. One that was woken before it left the processor never blocked. */
SEC("tp_btf/sched_wakeup")
int BPF_PROG(ior_wakeup, struct task_struct *task)
{
	struct extra_state *x = bpf_task_storage_get(&extras, task, 0, 0);

	if (!x || !x->off_ns || x->wait == WAIT_QUEUE)
		return 0;
	u64 now = bpf_ktime_get_boot_ns();
	end_wait(x, now);
	x->wait = WAIT_QUEUE;
	x->off_ns = now;
	return 0;
}

#endif
