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

SEC("tp_btf/mm_filemap_add_to_page_cache")
int BPF_PROG(ior_fetch, struct folio *folio)
{
	struct task_struct *task = bpf_get_current_task_btf();
	struct task_state *s = bpf_task_storage_get(&tasks, task, 0, 0);

	if (s && s->call.open) {
		struct extra_state *x = bpf_task_storage_get(&extras, task, 0, 0);
		struct extra_entry *call = x ? entry_at(x, x->at) : NULL;
		if (call)
			call->extra.fetched_bytes += bytes_of((u64)folio);
	} else if (config.extras & EXTRA_MAPPED) {
		fault_fetches(task, (u64)folio->mapping, bytes_of((u64)folio));
	}
	return 0;
}

#endif
