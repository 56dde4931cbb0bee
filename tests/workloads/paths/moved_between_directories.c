#include "../workload.h"

int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	OK(mkdir("new", 0755));
	OK(mkdir("cur", 0755));
	OK(mkdir("archive", 0755));
	workload_file("new/mail", "hello");
	workload_mark_begin();

	GIVES(3, CALL(openat, AT_FDCWD, "new/mail", O_RDONLY));
	OK(CALL(rename, (long)"new/mail", "cur/mail"));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(rename, (long)"cur", "archive/cur"));
	GIVES(1, CALL(read, 3, buffer, 1));
	OK(CALL(rename, (long)"archive/cur/mail", "mail"));
	GIVES(1, CALL(read, 3, buffer, 1));
	workload_end();
	return 0;
}
