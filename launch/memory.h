/* Memory that is never freed: the process soon executes another program. */
#ifndef MEMORY_H
#define MEMORY_H

#include "text.h"

#define PROT_READ_WRITE 3
#define MAP_PRIVATE_ANONYMOUS 0x22

static void *new_memory(u64 bytes)
{
	s64 address = call6(SYS_mmap, 0, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
	if (address < 0 && address > -4096) {
		write_text(2, "ior: Cannot start the command: there is too little memory\n  Check the limits: ulimit -a\n");
		leave(125);
	}
	return (void *)address;
}

static char *joined(const char *start, const char *end)
{
	char *text = new_memory(length_of(start) + length_of(end) + 1);
	*put_text(put_text(text, start), end) = 0;
	return text;
}

#endif
