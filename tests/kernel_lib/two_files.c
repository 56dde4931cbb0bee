/*
 * Opens, reads and closes two files in turn: `two_files A B TIMES`. For each byte on its standard input it does so with A as
 * often as told, and with B once for each hundred of these; then it writes a line. It ends with its input.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static void use(const char *path)
{
	char byte;
	int fd = open(path, O_RDONLY);

	if (fd < 0 || pread(fd, &byte, 1, 0) != 1 || close(fd))
		exit(1);
}

int main(int argc, char **argv)
{
	char byte;

	if (argc != 4)
		return 2;
	while (read(0, &byte, 1) == 1) {
		for (int i = 1; i <= atoi(argv[3]); i++) {
			use(argv[1]);
			if (i % 100 == 0)
				use(argv[2]);
		}
		if (write(1, "\n", 1) != 1)
			return 1;
	}
	return 0;
}
