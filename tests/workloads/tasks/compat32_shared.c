#include "../workload.h"
#include "compat32.h"
#include <linux/net.h>
#include <sys/msg.h>
#include <sys/socket.h>

struct iovec32 {
	uint32_t base, length;
};

struct msghdr32 {
	uint32_t name, name_length, parts, part_count, control, control_length, flags;
};

#define MSGSND 11
#define MSGRCV 12
#define MSGGET 13
#define MSGCTL 14

/* The block that socketcall takes. */
static uint32_t *block;

#define SOCKETCALL(call, ...) \
	({ \
		memcpy(block, (uint32_t[6]){ __VA_ARGS__ }, 24); \
		CALL32(SOCKETCALL, call, block); \
	})

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	char *low = low_memory();
	block = (uint32_t *)low;
	char *data = strcpy(low + 64, "hello"), *room = low + 128;
	uint32_t at = (uintptr_t)data, into = (uintptr_t)room;
	struct iovec32 *parts = (struct iovec32 *)(low + 256);
	struct msghdr32 *message = (struct msghdr32 *)(low + 320);
	*message = (struct msghdr32){ .parts = (uintptr_t)parts, .part_count = 2 };
	parts[0] = parts[1] = (struct iovec32){ into, 1 };
	long *letter = (long *)(low + 512);
	memcpy(letter, &(struct { int32_t type; char text[8]; }){ 1, "hello" }, 12);
	workload_mark_begin();

	GIVES(0, CALL32(SOCKETPAIR, AF_UNIX, SOCK_DGRAM, 0, room));
	GIVES(5, SOCKETCALL(SYS_SEND, 3, at, 5, 0));
	GIVES(3, SOCKETCALL(SYS_RECV, 4, into, 3, MSG_PEEK));
	GIVES(5, CALL32(RECVMSG, 4, message, MSG_TRUNC));
	GIVES(-EAGAIN, SOCKETCALL(SYS_RECVMSG, 4, (uintptr_t)message, MSG_DONTWAIT));
	GIVES(-EBADF, SOCKETCALL(SYS_SHUTDOWN, 99, SHUT_RD));
	/* A block that cannot be read tells no descriptor. */
	GIVES(-EFAULT, CALL32(SOCKETCALL, SYS_CONNECT, 1));
	GIVES(-EINVAL, CALL32(SOCKETCALL, 99, block));
	GIVES(5, SOCKETCALL(SYS_SOCKET, AF_INET, SOCK_DGRAM, 0));
	GIVES(0, CALL32(CLOSE, 5));
	int queue = CALL32(IPC, MSGGET, IPC_PRIVATE, 0600);
	CHECK(queue >= 0);
	GIVES(0, CALL32(IPC, MSGSND, queue, 5, 0, letter));
	GIVES(5, CALL32(IPC, MSGRCV | 1 << 16, queue, 8, 0, letter, 0));
	GIVES(0, CALL32(IPC, MSGCTL, queue, IPC_RMID, 0, 0));
	GIVES(-ENOSYS, CALL32(IPC, 99, 0));
	workload_end();
	return 0;
}
