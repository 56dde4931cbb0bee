/*
 * What the runtime may do. Capabilities belong to a thread, and the runtime has several as soon as its first line runs:
 * what it is not to have is dropped here, before it exists.
 */
#ifndef PRIVILEGES_H
#define PRIVILEGES_H

#include "syscalls.h"

#define CAPABILITY(number) (1UL << (number))

/* include/uapi/linux/capability.h */
enum {
	CAP_CHOWN = 0,
	CAP_DAC_OVERRIDE = 1,
	CAP_DAC_READ_SEARCH = 2,
	CAP_FOWNER = 3,
	CAP_SETGID = 6,
	CAP_SETUID = 7,
	CAP_PERFMON = 38,
	CAP_BPF = 39,
};

/* What tracing needs. */
static const u8 TRACING[] = { CAP_PERFMON, CAP_BPF };

/* What root's reader of recordings keeps: any file, and files of the user behind sudo by that user's rights. */
#define OF_FILES                                                                                                \
	(CAPABILITY(CAP_CHOWN) | CAPABILITY(CAP_DAC_OVERRIDE) | CAPABILITY(CAP_DAC_READ_SEARCH) |               \
	 CAPABILITY(CAP_FOWNER) | CAPABILITY(CAP_SETGID) | CAPABILITY(CAP_SETUID))

struct capability_sets {
	u64 effective, permitted, inheritable;
};

/* The kernel takes each set in two halves, the lower ones first. */
struct capability_words {
	u32 effective, permitted, inheritable;
};
struct capability_header {
	u32 version, pid;
};
#define CAPABILITY_VERSION 0x20080522

static struct capability_sets get_capabilities(void)
{
	struct capability_header header = { CAPABILITY_VERSION, 0 };
	struct capability_words words[2] = { { 0 } };
	call2(SYS_capget, &header, words);
	return (struct capability_sets){ words[0].effective | (u64)words[1].effective << 32,
					 words[0].permitted | (u64)words[1].permitted << 32,
					 words[0].inheritable | (u64)words[1].inheritable << 32 };
}

static s64 set_capabilities(struct capability_sets sets)
{
	struct capability_header header = { CAPABILITY_VERSION, 0 };
	struct capability_words words[2] = { { sets.effective, sets.permitted, sets.inheritable },
					     { sets.effective >> 32, sets.permitted >> 32, sets.inheritable >> 32 } };
	return call2(SYS_capset, &header, words);
}

/*
 * Hands on the capabilities of tracing that this file was given (setcap), and no others: an ordinary user's exec of a
 * file without any would drop them. Returns those that the command must not have, because its user has them only in ior.
 */
static u64 pass_given_capabilities(void)
{
	struct capability_sets sets = get_capabilities();
	u64 given = 0;
	if (call1(SYS_geteuid, 0) == 0)
		return 0;
	for (u64 i = 0; i < sizeof(TRACING); i++)
		if (sets.permitted & CAPABILITY(TRACING[i]) &&
		    call5(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, TRACING[i], 0, 0) == 0)
			given |= CAPABILITY(TRACING[i]);
	if (given == 0)
		return 0;
	sets.inheritable |= given;
	if (set_capabilities(sets) < 0)
		return 0;
	for (u64 i = 0; i < sizeof(TRACING); i++)
		if (given & CAPABILITY(TRACING[i]))
			call5(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, TRACING[i], 0, 0);
	return given;
}

/* Takes back what was passed, before the command exists. */
static void drop_given_capabilities(u64 given)
{
	struct capability_sets sets = get_capabilities();
	for (u64 i = 0; i < sizeof(TRACING); i++)
		if (given & CAPABILITY(TRACING[i]))
			call5(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_LOWER, TRACING[i], 0, 0);
	sets.inheritable &= ~given;
	set_capabilities(sets);
}

/* For a runtime that only reads recordings and prints: no new privileges, and of root's those on files. */
static void drop_all_but_files(void)
{
	struct capability_sets sets = get_capabilities();
	u64 kept = sets.permitted & (call1(SYS_geteuid, 0) == 0 ? OF_FILES : 0);
	/* Without new privileges root's exec keeps to what is permitted now (cap_bprm_creds_from_file in security/commoncap.c). */
	call5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	call5(SYS_prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	set_capabilities((struct capability_sets){ kept, kept, 0 });
}

#endif
