#include "../workload.h"

int main(int argc, char **argv)
{
	union {
		struct file_handle handle;
		char space[sizeof(struct file_handle) + MAX_HANDLE_SZ];
	} id = { .handle.handle_bytes = MAX_HANDLE_SZ };
	int mount;
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	workload_mark_begin();

	OK(CALL(name_to_handle_at, AT_FDCWD, "a", &id, &mount, 0));
	GIVES(3, CALL(openat, AT_FDCWD, ".", O_RDONLY | O_DIRECTORY));
	GIVES(4, CALL(open_by_handle_at, 3, &id, O_RDONLY));
	GIVES(5, CALL(read, 4, buffer, sizeof(buffer)));
	OK(CALL(close, 4));
	FAILS(EBADF, CALL(open_by_handle_at, 9, &id, O_RDONLY));
	workload_end();
	return 0;
}
