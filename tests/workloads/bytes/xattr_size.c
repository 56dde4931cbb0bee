#include "../workload.h"
#include <sys/xattr.h>

int main(int argc, char **argv)
{
	char value[64];

	workload_prepare(argc, argv);
	workload_file("a", "");
	OK(setxattr("a", "user.colour", "green", 5, 0));
	int file = OK(open("a", O_RDONLY));
	workload_mark_begin();

	GIVES(5, CALL(getxattr, "a", "user.colour", 0, 0));
	GIVES(5, CALL(getxattr, "a", "user.colour", value, sizeof(value)));
	GIVES(5, CALL(lgetxattr, "a", "user.colour", 0, 0));
	GIVES(5, CALL(lgetxattr, "a", "user.colour", value, sizeof(value)));
	GIVES(5, CALL(fgetxattr, file, "user.colour", value, 0));
	GIVES(5, CALL(fgetxattr, file, "user.colour", value, 5));
	FAILS(ERANGE, CALL(getxattr, "a", "user.colour", value, 4));
	FAILS(ENODATA, CALL(fgetxattr, file, "user.size", value, 5));
	GIVES(12, CALL(listxattr, "a", 0, 0));
	GIVES(12, CALL(listxattr, "a", value, sizeof(value)));
	GIVES(12, CALL(llistxattr, "a", value, 0));
	GIVES(12, CALL(llistxattr, "a", value, 12));
	GIVES(12, CALL(flistxattr, file, 0, 0));
	GIVES(12, CALL(flistxattr, file, value, sizeof(value)));
	FAILS(ERANGE, CALL(flistxattr, file, value, 1));
	workload_end();
	return 0;
}
