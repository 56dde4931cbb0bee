#include "../workload.h"
#include <linux/bpf.h>

int main(int argc, char **argv)
{
	union bpf_attr map = { .map_type = BPF_MAP_TYPE_ARRAY, .key_size = 4, .value_size = 8, .max_entries = 1 };
	union bpf_attr wrong = { .map_type = -1U };
	union bpf_attr lookup = {};
	uint32_t key = 0;
	uint64_t value;

	workload_prepare(argc, argv);
	workload_mark_begin();

	GIVES(3, CALL(bpf, BPF_MAP_CREATE, &map, sizeof(map)));
	lookup.map_fd = 3;
	lookup.key = (uintptr_t)&key;
	lookup.value = (uintptr_t)&value;
	OK(CALL(bpf, BPF_MAP_LOOKUP_ELEM, &lookup, sizeof(lookup)));
	FAILS(EINVAL, CALL(bpf, BPF_MAP_CREATE, &wrong, sizeof(wrong)));
	FAILS(EINVAL, CALL(bpf, 1000, &wrong, sizeof(wrong)));
	workload_end();
	return 0;
}
