#include "../workload.h"

int main(int argc, char **argv)
{
	char entries[4096];

	workload_prepare(argc, argv);
	OK(mkdir("d", 0755));
	workload_file("d/a", "");
	int directory = OK(open("d", O_RDONLY | O_DIRECTORY)), file = OK(open("d/a", O_RDONLY));
	workload_mark_begin();

	/* Three entries of 24 bytes: the directory, its parent, its file. */
	GIVES(72, CALL(getdents64, directory, entries, sizeof(entries)));
	GIVES(0, CALL(getdents64, directory, entries, sizeof(entries)));
	GIVES(0, CALL(lseek, directory, 0, SEEK_SET));
	FAILS(EINVAL, CALL(getdents64, directory, entries, 8));
	FAILS(ENOTDIR, CALL(getdents64, file, entries, sizeof(entries)));
	FAILS(EISDIR, CALL(read, directory, entries, sizeof(entries)));
	workload_end();
	return 0;
}
