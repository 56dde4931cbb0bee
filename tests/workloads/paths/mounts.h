/* Mounts that no other process sees and that end with the workload. */
#ifndef MOUNTS_H
#define MOUNTS_H

#include <sys/mount.h>

/* A mount namespace of our own, in which nothing reaches the system's. In the window its mount call is a row, path "/". */
static inline void mounts_of_our_own(void)
{
	OK(unshare(CLONE_NEWNS));
	OK(CALL(mount, (long)"none", "/", 0, MS_REC | MS_PRIVATE, 0));
}

/* The same, and an empty tmpfs on /tmp as working directory: paths of a known length. */
static inline __attribute__((unused)) void mounts_known_root(void)
{
	mounts_of_our_own();
	OK(mount("none", "/tmp", "tmpfs", 0, NULL));
	OK(chdir("/tmp"));
}

#endif
