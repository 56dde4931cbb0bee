#include "../workload.h"

int main(int argc, char **argv)
{
	union {
		char text[4096];
		struct stat facts;
	} shared;

	workload_prepare(argc, argv);
	workload_file("a", "hello");
	OK(symlink("somewhere-else", "link"));
	workload_mark_begin();

	strcpy(shared.text, "link");
	GIVES(14, CALL(readlink, (long)shared.text, shared.text, sizeof(shared.text)));
	CHECK(memcmp(shared.text, "somewhere-else", 14) == 0);
	strcpy(shared.text, "a");
	OK(CALL(stat, (long)shared.text, &shared.facts));
	CHECK(shared.facts.st_size == 5);
	memset(shared.text, 0, 64);
	strcpy(shared.text, "link");
	GIVES(14, CALL(readlinkat, AT_FDCWD, shared.text, shared.text, sizeof(shared.text)));
	workload_end();
	return 0;
}
