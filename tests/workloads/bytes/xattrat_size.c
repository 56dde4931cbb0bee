#include "../workload.h"
#include <sys/xattr.h>

/* Since Linux 6.13; the C library does not know them. */
#define NR_GETXATTRAT 464
#define NR_LISTXATTRAT 465
#define NR_SETXATTRAT 463

struct xattr_arguments {
	uint64_t value;
	uint32_t size, flags;
};

int main(int argc, char **argv)
{
	char value[64];
	struct xattr_arguments set = { .value = (uintptr_t)"green", .size = 5 };
	struct xattr_arguments ask = { .size = 0 };
	struct xattr_arguments get = { .value = (uintptr_t)value, .size = sizeof(value) };

	workload_prepare(argc, argv);
	workload_file("a", "");
	int file = OK(open("a", O_RDONLY));
	workload_mark_begin();

	GIVES(0, CALL_NR(NR_SETXATTRAT, AT_FDCWD, "a", 0, "user.colour", &set, sizeof(set)));
	GIVES(5, CALL_NR(NR_GETXATTRAT, AT_FDCWD, "a", 0, "user.colour", &ask, sizeof(ask)));
	GIVES(5, CALL_NR(NR_GETXATTRAT, AT_FDCWD, "a", 0, "user.colour", &get, sizeof(get)));
	GIVES(5, CALL_NR(NR_GETXATTRAT, file, "", AT_EMPTY_PATH, "user.colour", &get, sizeof(get)));
	GIVES(12, CALL_NR(NR_LISTXATTRAT, AT_FDCWD, "a", 0, 0, 0));
	GIVES(12, CALL_NR(NR_LISTXATTRAT, AT_FDCWD, "a", 0, value, sizeof(value)));
	GIVES(12, CALL_NR(NR_LISTXATTRAT, file, "", AT_EMPTY_PATH, value, 0));
	workload_end();
	return 0;
}
