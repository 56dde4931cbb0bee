/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Control groups of the unified hierarchy (cgroup v2): which are selected, and their paths. A group's id is the number of
 * its directory's inode. A thread may be moved to another group at any time, so its group is asked for at every enter, and
 * nothing about it is kept in the verdict byte.
 */
#ifndef IOR_GROUPS_H
#define IOR_GROUPS_H

#include "maps.h"

#define GROUP_LEVELS 32		/* bits of config.group_levels: selected groups may be that deep */

ID_SET(groups, u64);		/* the selected groups */

/* Groups that user space knows. One that was driven out is announced again. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, u64);
	__type(value, u8);
} group_names SEC(".maps");

/* True when the current thread is in a selected group or below one, or when groups do not select. */
__noinline int in_selected_group(void)
{
	if (!config.group_levels)
		return true;
	for (u32 level = 0; level < GROUP_LEVELS && config.group_levels >> level; level++) {
		if (!(config.group_levels >> level & 1))
			continue;
		u64 id = bpf_get_current_ancestor_cgroup_id(level);
		if (id && bpf_map_lookup_elem(&groups, &id))
			return true;
	}
	return false;
}

/* The id of the current thread's group, 0 unless groups are asked for. */
static __always_inline u64 current_group(void)
{
	return config.groups ? bpf_get_current_cgroup_id() : 0;
}

static __always_inline u64 group_above(u64 node)
{
	u64 above = 0;

	if (bpf_core_field_exists(((struct kernfs_node___rcu *)0)->__parent))
		bpf_core_read(&above, sizeof(above), &((struct kernfs_node___rcu *)node)->__parent);
	else
		bpf_core_read(&above, sizeof(above), &((struct kernfs_node *)node)->parent);
	return above;
}

static long group_step(void *map, u32 *key, u64 *value, u64 *node)
{
	u32 zero = 0;
	struct file_scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	u64 above = group_above(*node), name = 0;

	/* The root has no name. */
	if (!s || !above || s->place.length >= WALK_MAX)
		return 1;
	bpf_core_read(&name, sizeof(name), &((struct kernfs_node *)*node)->name);
	long n = bpf_probe_read_kernel_str(&s->data[s->place.length & (WALK_MAX - 1)], NAME_BYTES, (void *)name);
	if (n <= 0)
		return 1;
	s->place.length += n;
	*node = above;
	return 0;
}

/* The directory of the current thread's group. */
static __always_inline u64 group_node(struct task_struct *task)
{
	u64 at = ADDRESS(task, cgroups);

	bpf_core_read(&at, sizeof(at), &((struct css_set *)at)->dfl_cgrp);
	bpf_core_read(&at, sizeof(at), &((struct cgroup *)at)->kn);
	return at;
}

/* Sends the path of the current thread's group if user space does not know it. False when the ring is full. */
__noinline int announce_group(void)
{
	u32 zero = 0, length;
	struct file_scratch *s = bpf_map_lookup_elem(&scratch, &zero);
	u64 node = group_node(bpf_get_current_task_btf()), id = 0;
	u8 known = 1;

	bpf_core_read(&id, sizeof(id), &((struct kernfs_node *)node)->id);
	if (!s || bpf_map_lookup_elem(&group_names, &id))
		return 1;
	struct file_record *r = &s->record;
	__builtin_memset(r, 0, sizeof(*r));
	s->place.length = 0;
	bpf_for_each_map_elem(&steps, group_step, &node, 0);
	length = s->place.length;
	if (length > WALK_MAX)
		length = WALK_MAX;
	r->nr = BIG_NR;
	r->kind = NAME_GROUP;
	r->flags = CALL_NAME;
	r->inode = id;
	r->type = FILE_PATH;
	r->length = length;
	if (bpf_ringbuf_output(&ring, s, sizeof(*r) + length, BPF_RB_NO_WAKEUP))
		return 0;
	bpf_map_update_elem(&group_names, &id, &known, BPF_ANY);
	return 1;
}

#endif
