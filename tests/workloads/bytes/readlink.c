#include "../workload.h"

int main(int argc, char **argv)
{
	char text[64];

	workload_prepare(argc, argv);
	OK(symlink("the/target", "link"));
	workload_file("file", "");
	int link = OK(open("link", O_PATH | O_NOFOLLOW));
	workload_mark_begin();

	GIVES(10, CALL(readlink, "link", text, sizeof(text)));
	GIVES(3, CALL(readlink, "link", text, 3));
	GIVES(10, CALL(readlinkat, AT_FDCWD, "link", text, sizeof(text)));
	GIVES(10, CALL(readlinkat, link, "", text, sizeof(text)));
	FAILS(EINVAL, CALL(readlink, "file", text, sizeof(text)));
	FAILS(ENOENT, CALL(readlink, "missing", text, sizeof(text)));
	/* The call overwrites its own argument. */
	strcpy(text, "link");
	GIVES(10, CALL(readlink, text, text, sizeof(text)));
	workload_end();
	return 0;
}
