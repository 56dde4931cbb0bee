/* The log of a random workload: one record a call, in shared memory, written without any call of its own. */
#ifndef CALL_LOG_H
#define CALL_LOG_H

#include "turns.h"

#define NO_FD (-1000000)
#define NO_BYTES (-1)

/* Where the log is mapped; the driver reads it when the run has ended. */
static char *log_text;
static long log_bytes;

/*
 * Writes `pid tid call fd ret errno bytes path old_path`, with tabs between them and a 0 byte at the end; `-` is none. A failed
 * call has the negative error as ret.
 */
static inline void log_call(struct actor *a, const char *call, int fd, long ret, long bytes, const char *path,
			    const char *old_path)
{
	char record[PATH_BYTES * 2 + 256], number[32] = "-", moved[32] = "-";

	if (fd != NO_FD)
		sprintf(number, "%d", fd);
	if (bytes != NO_BYTES)
		sprintf(moved, "%ld", ret > 0 ? ret : 0);
	int length = sprintf(record, "%d\t%d\t%s\t%s\t%ld\t%s\t%s\t%s", a->pid, a->tid, call, number, ret, moved,
			     path ? path : "-", old_path ? old_path : "-") + 1;
	long at = atomic_fetch_add(&model->log_end, length);

	HOLDS(at + length <= log_bytes);
	memcpy(log_text + at, record, length);
	atomic_fetch_add(&model->logged, 1);
}

#endif
