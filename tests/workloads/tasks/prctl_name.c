#include "../workload.h"
#include <sys/prctl.h>

int main(int argc, char **argv)
{
	workload_prepare(argc, argv);
	int file = OK(open("log", O_WRONLY | O_CREAT, 0644));
	workload_mark_begin();

	GIVES(1, CALL(write, file, "1", 1));
	OK(CALL(prctl, PR_SET_NAME, "renamed"));
	GIVES(1, CALL(write, file, "2", 1));
	OK(CALL(prctl, PR_SET_NAME, "a name longer than fifteen bytes"));
	GIVES(1, CALL(write, file, "3", 1));
	OK(CALL(prctl, PR_SET_NAME, "two\nlines: \"q\""));
	GIVES(1, CALL(write, file, "4", 1));
	OK(CALL(prctl, PR_SET_NAME, "not utf-8 \xff\xc3."));
	GIVES(1, CALL(write, file, "5", 1));
	OK(CALL(prctl, PR_SET_NAME, ""));
	GIVES(1, CALL(write, file, "6", 1));
	OK(CALL(prctl, PR_SET_NAME, "renamed"));
	GIVES(1, CALL(write, file, "7", 1));
	workload_end();
	return 0;
}
