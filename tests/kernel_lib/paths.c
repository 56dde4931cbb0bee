/*
 * Asks for many names that are not there: `paths DIRECTORY NAMES ROUNDS TIMES`. In each round it asks for each of NAMES names
 * TIMES times by access, relative to DIRECTORY and to its parent in turn, so that every text stands for two files. Then it
 * renames each of them once to itself with an x behind it, which fails too.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	char name[32], other[64];
	int names = argc == 5 ? atoi(argv[2]) : 0, rounds = argc == 5 ? atoi(argv[3]) : 0, times = argc == 5 ? atoi(argv[4]) : 0;

	if (names < 1 || chdir(argv[1]) != 0)
		return 98;
	for (int round = 0; round < 2 * rounds; round++) {
		for (int i = 0; i < names; i++) {
			snprintf(name, sizeof(name), "name%d", i);
			for (int time = 0; time < times; time++)
				if (access(name, F_OK) == 0)
					return 97;
		}
		if (chdir(round % 2 ? argv[1] : "..") != 0)
			return 96;
	}
	for (int i = 0; i < names; i++) {
		snprintf(name, sizeof(name), "name%d", i);
		snprintf(other, sizeof(other), "%sx", name);
		if (rename(name, other) == 0)
			return 95;
	}
	return 0;
}
