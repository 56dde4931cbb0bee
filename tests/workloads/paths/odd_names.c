#include "../workload.h"

int main(int argc, char **argv)
{
	static const char *const names[] = { "two words", " ", "a\nb", "tab\there", "quote\"d", "back\\slash", "\x1b[31m", "naïve", "日本", "😀", "$HOME" };

	workload_prepare(argc, argv);
	workload_mark_begin();

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		GIVES(3, CALL(openat, AT_FDCWD, names[i], O_RDWR | O_CREAT, 0644));
		GIVES(1, CALL(write, 3, "x", 1));
		OK(CALL(close, 3));
		OK(CALL(unlink, (long)names[i]));
	}
	workload_end();
	return 0;
}
