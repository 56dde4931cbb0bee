/**
 * The functions of libbpf that ior calls, one entry each, in the order of `bpf/libbpf.h` and `bpf/bpf.h`. All of
 * them are in libbpf 1.1, the oldest supported.
 */
export const LIBBPF_SYMBOLS = {
  /** const char *libbpf_version_string(void) */
  libbpf_version_string: { parameters: [], result: "pointer" },
  /** libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn) */
  libbpf_set_print: { parameters: [/* fn */ "function"], result: "pointer" },
  /** struct bpf_object *bpf_object__open_mem(const void *buf, size_t size, const struct bpf_object_open_opts *opts) */
  bpf_object__open_mem: {
    parameters: [/* buf */ "buffer", /* size */ "usize", /* opts */ "pointer"],
    result: "pointer",
  },
  /** long libbpf_get_error(const void *ptr): the error of the call that just returned a null pointer */
  libbpf_get_error: { parameters: [/* ptr */ "pointer"], result: "i64" },
  /** int bpf_object__load(struct bpf_object *obj) */
  bpf_object__load: { parameters: [/* obj */ "pointer"], result: "i32" },
  /** void bpf_object__close(struct bpf_object *obj) */
  bpf_object__close: { parameters: [/* obj */ "pointer"], result: "void" },
  /** struct bpf_map *bpf_object__find_map_by_name(const struct bpf_object *obj, const char *name) */
  bpf_object__find_map_by_name: { parameters: [/* obj */ "pointer", /* name */ "buffer"], result: "pointer" },
  /** struct bpf_program *bpf_object__find_program_by_name(const struct bpf_object *obj, const char *name) */
  bpf_object__find_program_by_name: {
    parameters: [/* obj */ "pointer", /* name */ "buffer"],
    result: "pointer",
  },
  /** int bpf_program__set_autoload(struct bpf_program *prog, bool autoload) */
  bpf_program__set_autoload: { parameters: [/* prog */ "pointer", /* autoload */ "bool"], result: "i32" },
  /** int bpf_program__fd(const struct bpf_program *prog) */
  bpf_program__fd: { parameters: [/* prog */ "pointer"], result: "i32" },
  /** struct bpf_link *bpf_program__attach(const struct bpf_program *prog) */
  bpf_program__attach: { parameters: [/* prog */ "pointer"], result: "pointer" },
  /** struct bpf_link *bpf_program__attach_iter(const struct bpf_program *prog, const struct bpf_iter_attach_opts *opts) */
  bpf_program__attach_iter: {
    parameters: [/* prog */ "pointer", /* opts */ "pointer"],
    result: "pointer",
  },
  /** int bpf_link__fd(const struct bpf_link *link) */
  bpf_link__fd: { parameters: [/* link */ "pointer"], result: "i32" },
  /** int bpf_iter_create(int link_fd) */
  bpf_iter_create: { parameters: [/* link_fd */ "i32"], result: "i32" },
  /** int bpf_link__destroy(struct bpf_link *link) */
  bpf_link__destroy: { parameters: [/* link */ "pointer"], result: "i32" },
  /** int bpf_map__fd(const struct bpf_map *map) */
  bpf_map__fd: { parameters: [/* map */ "pointer"], result: "i32" },
  /** int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries) */
  bpf_map__set_max_entries: { parameters: [/* map */ "pointer", /* max_entries */ "u32"], result: "i32" },
  /** int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size) */
  bpf_map__set_initial_value: {
    parameters: [/* map */ "pointer", /* data */ "buffer", /* size */ "usize"],
    result: "i32",
  },
  /**
   * int bpf_map_create(enum bpf_map_type map_type, const char *map_name, __u32 key_size, __u32 value_size, __u32 max_entries,
   *                    const struct bpf_map_create_opts *opts)
   */
  bpf_map_create: {
    parameters: [
      /* map_type */ "u32",
      /* map_name */ "buffer",
      /* key_size */ "u32",
      /* value_size */ "u32",
      /* max_entries */ "u32",
      /* opts */ "pointer",
    ],
    result: "i32",
  },
  /** int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags) */
  bpf_map_update_elem: {
    parameters: [/* fd */ "i32", /* key */ "buffer", /* value */ "buffer", /* flags */ "u64"],
    result: "i32",
  },
  /** int bpf_map_lookup_elem(int fd, const void *key, void *value) */
  bpf_map_lookup_elem: {
    parameters: [/* fd */ "i32", /* key */ "buffer", /* value */ "buffer"],
    result: "i32",
  },
  /** int bpf_map_delete_elem(int fd, const void *key) */
  bpf_map_delete_elem: { parameters: [/* fd */ "i32", /* key */ "buffer"], result: "i32" },
  /** int bpf_map_get_next_key(int fd, const void *key, void *next_key) */
  bpf_map_get_next_key: {
    parameters: [/* fd */ "i32", /* key */ "buffer", /* next_key */ "buffer"],
    result: "i32",
  },
  /** struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *prog, int pfd) */
  bpf_program__attach_perf_event: {
    parameters: [/* prog */ "pointer", /* pfd */ "i32"],
    result: "pointer",
  },
  /** int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len) */
  bpf_obj_get_info_by_fd: {
    parameters: [/* bpf_fd */ "i32", /* info */ "buffer", /* info_len */ "buffer"],
    result: "i32",
  },
  /** int bpf_enable_stats(enum bpf_stats_type type): a descriptor; statistics are on while it is open */
  bpf_enable_stats: { parameters: [/* type */ "i32"], result: "i32" },
  /** int libbpf_num_possible_cpus(void) */
  libbpf_num_possible_cpus: { parameters: [], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;
