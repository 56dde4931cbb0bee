#include "../workload.h"
#include "../descriptors/uring.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("d", 0755));
	workload_file("d/f", "hello");
	uring_prepare();
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "d/f", O_RDONLY));
	GIVES(0, uring_do(&(struct io_uring_sqe){
		.opcode = IORING_OP_RENAMEAT, .fd = AT_FDCWD, .addr = (uintptr_t)"d", .len = AT_FDCWD, .addr2 = (uintptr_t)"d2" }));
	GIVES(1, CALL(read, 3, buffer, 1));
	GIVES(0, uring_do(&(struct io_uring_sqe){
		.opcode = IORING_OP_UNLINKAT, .fd = AT_FDCWD, .addr = (uintptr_t)"d2/f" }));
	GIVES(1, CALL(read, 3, buffer, 1));
	workload_end();
	return 0;
}
