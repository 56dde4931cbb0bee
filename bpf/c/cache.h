/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/*
 * Pages that are brought into the page cache, for EXTRA_CACHE. They are added by the thread that asks for them, read-ahead
 * too, and count for the call that it is in, or else for the page fault.
 */
#ifndef IOR_CACHE_H
#define IOR_CACHE_H

#include "extras.h"
#include "faults.h"
#include <bpf/bpf_tracing.h>

/* Bytes of a folio: one page, or as many as it says. */
static __always_inline u64 bytes_of(u64 folio)
{
	u64 flags, pages = 1;

	if (bpf_core_field_exists(((struct folio___6_18 *)0)->flags.f))
		flags = LOAD(folio___6_18, folio, flags.f);
	else
		flags = LOAD(folio, folio, flags);
	if (!(flags >> bpf_core_enum_value(enum pageflags, PG_head) & 1))
		return pages << config.page_shift;
	if (bpf_core_field_exists(((struct folio *)0)->_nr_pages))
		pages = LOAD(folio, folio, _nr_pages);
	else if (bpf_core_field_exists(((struct folio___6_1 *)0)->_folio_nr_pages))
		pages = LOAD(folio___6_1, folio, _folio_nr_pages);
	return pages << config.page_shift;
}

/* The mapping of the file of a descriptor that is an argument of the current call, by its position; 0 when there is none. */
static __always_inline u64 mapping_of(struct task_struct *task, u32 position)
{
	struct pt_regs *regs = (struct pt_regs *)bpf_task_pt_regs(task);
	u64 file = file_of(task, argument_of(task, regs, position));

	return file ? (u64)LOAD(file, file, f_mapping) : 0;
}

/*
 * True for a page that a copy from file to file makes to write it: it holds what is written, as that of a write does. The pages
 * of overlayfs belong to files of its layers: what is copied to is open for writing.
 */
static __always_inline bool is_written(struct task_struct *task, struct task_state *s, u64 mapping)
{
	struct call_spec *spec = spec_of(s->call.nr);
	u64 host;

	if (!spec || !spec->file || !spec->old_file || mapping == mapping_of(task, spec->old_file))
		return false;
	if (mapping == mapping_of(task, spec->file))
		return true;
	host = (u64)LOAD(address_space, mapping, host);
	return (LOAD(inode, host, i_mode) & S_IFMT) == S_IFREG && LOAD(inode, host, i_writecount.counter) > 0;
}

SEC("tp_btf/mm_filemap_add_to_page_cache")
int BPF_PROG(ior_fetch, struct folio *folio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);

	if (s && s->call.open) {
		struct extra_state *x = bpf_task_storage_get(&extras, task, 0, 0);
		struct extra_entry *call = x ? entry_at(x, x->at) : NULL;
		if (call && !is_written(task, s, (u64)folio->mapping))
			call->extra.fetched_bytes += bytes_of((u64)folio);
	} else if (config.extras & EXTRA_MAPPED) {
		fault_fetches(task, (u64)folio->mapping, bytes_of((u64)folio));
	}
	return 0;
}

#endif
