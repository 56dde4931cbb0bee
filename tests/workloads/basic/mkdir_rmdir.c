#include "../workload.h"
int main(int argc, char **argv)
{
	workload_begin(argc, argv);

	GIVES(0, CALL(mkdir, "d", 0755));
	GIVES(0, CALL(mkdirat, AT_FDCWD, "d/e/", 0755));
	FAILS(EEXIST, CALL(mkdir, "d", 0755));
	FAILS(ENOENT, CALL(mkdirat, AT_FDCWD, "none/x", 0755));
	FAILS(ENOTEMPTY, CALL(rmdir, "d"));
	FAILS(EISDIR, CALL(unlinkat, AT_FDCWD, "d/e", 0));
	GIVES(0, CALL(unlinkat, AT_FDCWD, "d/e", AT_REMOVEDIR));
	GIVES(0, CALL(rmdir, "./d//"));
	FAILS(ENOENT, CALL(rmdir, "d"));
	FAILS(EINVAL, CALL(rmdir, "."));
	GIVES(0, CALL(mknod, "fifo", S_IFIFO | 0644, 0));
	GIVES(0, CALL(mknodat, AT_FDCWD, "fifo2", S_IFIFO | 0644, 0));
	FAILS(EEXIST, CALL(mknod, "fifo", S_IFIFO | 0644, 0));
	FAILS(EEXIST, CALL(mknodat, AT_FDCWD, "fifo2", S_IFIFO | 0644, 0));

	workload_end();
	return 0;
}
