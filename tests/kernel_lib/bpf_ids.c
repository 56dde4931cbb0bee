/*
 * Asks the kernel which BPF programs there are: prints the number and name of each, and how many instructions the verifier
 * looked at, one a line. For `bpf_ids NAME` only of those whose name begins so.
 */
#include <linux/bpf.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	union bpf_attr attr = { 0 };

	while (syscall(SYS_bpf, BPF_PROG_GET_NEXT_ID, &attr, sizeof(attr)) == 0) {
		struct bpf_prog_info info = { 0 };
		union bpf_attr about = { .prog_id = attr.next_id };
		int fd = syscall(SYS_bpf, BPF_PROG_GET_FD_BY_ID, &about, sizeof(about));

		attr.start_id = attr.next_id;
		/* It has just gone. */
		if (fd < 0)
			continue;
		about = (union bpf_attr){ .info = { fd, sizeof(info), (uintptr_t)&info } };
		if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &about, sizeof(about)) == 0 &&
		    (argc < 2 || strncmp(info.name, argv[1], strlen(argv[1])) == 0))
			printf("%u %s %u\n", info.id, info.name, info.verified_insns);
		close(fd);
	}
	if (errno != ENOENT) {
		perror("bpf");
		return 1;
	}
	return 0;
}
