#include "../workload.h"
int main(int argc, char **argv)
{
	char buffer[64];

	workload_prepare(argc, argv);
	workload_file("a", "x");
	workload_mark_begin();

	OK(CALL(open, "a", O_RDWR));
	GIVES(0, CALL(setxattr, "a", "user.one", "value", 5, 0));
	GIVES(0, CALL(lsetxattr, "a", "user.two", "2", 1, 0));
	GIVES(0, CALL(fsetxattr, 3, "user.one", "longer", 6, 0));
	GIVES(6, CALL(getxattr, "a", "user.one", buffer, sizeof(buffer)));
	GIVES(6, CALL(getxattr, "a", "user.one", NULL, 0));
	GIVES(1, CALL(lgetxattr, "a", "user.two", buffer, sizeof(buffer)));
	GIVES(6, CALL(fgetxattr, 3, "user.one", buffer, sizeof(buffer)));
	GIVES(18, CALL(listxattr, "a", buffer, sizeof(buffer)));
	GIVES(18, CALL(llistxattr, "a", NULL, 0));
	GIVES(18, CALL(flistxattr, 3, buffer, sizeof(buffer)));
	FAILS(ERANGE, CALL(getxattr, "a", "user.one", buffer, 2));
	FAILS(ENODATA, CALL(fgetxattr, 3, "user.none", buffer, 2));
	FAILS(ENOENT, CALL(setxattr, "none", "user.one", "v", 1, 0));
	FAILS(EEXIST, CALL(fsetxattr, 3, "user.one", "v", 1, 1 /* XATTR_CREATE */));
	GIVES(0, CALL(removexattr, "a", "user.one"));
	GIVES(0, CALL(fremovexattr, 3, "user.two"));
	FAILS(ENODATA, CALL(lremovexattr, "a", "user.two"));

	workload_end();
	return 0;
}
