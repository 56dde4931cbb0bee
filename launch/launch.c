/*
 * Starts ior's runtime, and the command that ior traces, without losing anything that ior was started with: see
 * run.h, start.h and gate.h. A separate program without a C library, because a shell changes the environment, drops bytes,
 * and may run a program as a built-in function.
 */
#include "syscalls.h"
#include "text.h"
#include "memory.h"
#include "start.h"
#include "gate.h"
#include "ours.h"
#include "bundle.h"
#include "run.h"

#define USAGE "ior-launch: this is a part of ior, started by it\n"

void begin(u64 *stack)
{
	u64 count = stack[0];
	char **words = (char **)(stack + 1);
	char **environment = words + count + 1;
	if (count == 2 && same_text(words[1], "limits"))
		check_limits();
	if (count == 3 && same_text(words[1], "ours"))
		check_ours(words[2]);
	if (count == 3 && same_text(words[1], "key"))
		print_key(words[2]);
	if (count >= 6 && same_text(words[1], "run"))
		run_checkout(words[0], words[2], words + 3, environment);
	int traces = count >= 2 && same_text(words[1], "start");
	if (count >= 6 && (traces || same_text(words[1], "read"))) {
		choose_modules(words[0], words[1], words[2], words + 3, environment);
		struct limits limits = raise_limits();
		start(traces, hexadecimal(words[2]), &limits, words + 5, environment);
	}
	if (count == 3 && same_text(words[1], "gate"))
		wait_at_gate(number_of(words[2]));
	write_text(2, USAGE);
	leave(NOT_STARTED);
}
