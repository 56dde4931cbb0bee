#include "../workload.h"

int main(int argc, char **argv)
{
	char here[64] = "", there[64] = "there";
	struct iovec local = { here, 40 }, remote[2] = { { there, 30 }, { there + 30, 10 } };
	struct iovec nowhere = { (void *)8, 40 };

	workload_prepare(argc, argv);
	pid_t self = getpid();
	workload_mark_begin();

	GIVES(40, CALL(process_vm_readv, self, &local, 1, remote, 2, 0));
	GIVES(40, CALL(process_vm_writev, self, &local, 1, remote, 2, 0));
	GIVES(30, CALL(process_vm_readv, self, &local, 1, remote, 1, 0));
	GIVES(0, CALL(process_vm_readv, self, &local, 0, remote, 1, 0));
	FAILS(EFAULT, CALL(process_vm_readv, self, &local, 1, &nowhere, 1, 0));
	FAILS(EINVAL, CALL(process_vm_writev, self, &local, 1, remote, 1, 1));
	workload_end();
	return 0;
}
