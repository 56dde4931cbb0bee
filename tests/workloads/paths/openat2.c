#include "../workload.h"
#include <linux/openat2.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	OK(mkdir("sub", 0755));
	workload_file("sub/a", "hello");
	OK(symlink("sub/a", "link"));
	workload_mark_begin();

	struct open_how how = { .flags = O_RDONLY, .resolve = RESOLVE_BENEATH };
	struct open_how plain = { .flags = O_RDONLY, .resolve = RESOLVE_NO_SYMLINKS };

	GIVES(3, CALL(openat, AT_FDCWD, "sub", O_PATH));
	GIVES(4, CALL(openat2, 3, "a", &how, sizeof(how)));
	FAILS(EXDEV, CALL(openat2, 3, "../sub/a", &how, sizeof(how)));
	FAILS(ELOOP, CALL(openat2, AT_FDCWD, "link", &plain, sizeof(plain)));
	FAILS(EINVAL, CALL(openat2, 3, "a", &how, 1));
	workload_end();
	return 0;
}
