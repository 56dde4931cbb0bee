/* Ends with status 0 when the file system that it lies on keeps attributes of users: tmpfs does from Linux 6.6 on. */
#include <sys/xattr.h>

int main(int argc, char **argv)
{
	(void)argc;
	return setxattr(argv[0], "user.ior", "x", 1, 0) != 0;
}
