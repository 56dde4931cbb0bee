#include "../workload.h"
#include "uring.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_file("b", "world");
	uring_prepare();
	workload_mark_begin();

	GIVES(3, uring_do(&(struct io_uring_sqe){
		.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)"a", .open_flags = O_RDONLY }));
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	GIVES(4, CALL(openat, AT_FDCWD, "b", O_RDONLY));
	OK(CALL(close, 3));
	GIVES(3, uring_do(&(struct io_uring_sqe){
		.opcode = IORING_OP_OPENAT, .fd = AT_FDCWD, .addr = (uintptr_t)"b", .open_flags = O_RDONLY }));
	GIVES(5, CALL(read, 3, buffer, sizeof(buffer)));
	workload_end();
	return 0;
}
