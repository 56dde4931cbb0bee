#include "../workload.h"
#include <linux/userfaultfd.h>

int main(int argc, char **argv)
{
	struct stat facts;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(userfaultfd, UFFD_USER_MODE_ONLY));
	OK(CALL(fstat, 3, &facts));
	FAILS(EINVAL, CALL(read, 3, &facts, sizeof(facts)));
	OK(CALL(close, 3));
	workload_end();
	return 0;
}
