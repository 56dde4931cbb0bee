/**
 * The functions of libbpf that a trace calls, one entry each, in the order of `bpf/libbpf.h` and `bpf/bpf.h`. All of
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
  /** const char *bpf_program__section_name(const struct bpf_program *prog) */
  bpf_program__section_name: { parameters: [/* prog */ "pointer"], result: "pointer" },
  /** int bpf_iter_create(int link_fd) */
  bpf_iter_create: { parameters: [/* link_fd */ "i32"], result: "i32" },
  /** int bpf_program__set_attach_target(struct bpf_program *prog, int attach_prog_fd, const char *attach_func_name) */
  bpf_program__set_attach_target: {
    parameters: [/* prog */ "pointer", /* attach_prog_fd */ "i32", /* attach_func_name */ "buffer"],
    result: "i32",
  },
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
      /* opts */ "buffer",
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
  /**
   * int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
   *                          const struct bpf_map_batch_opts *opts)
   */
  bpf_map_lookup_batch: {
    parameters: [
      /* fd */ "i32",
      /* in_batch */ "buffer",
      /* out_batch */ "buffer",
      /* keys */ "buffer",
      /* values */ "buffer",
      /* count */ "buffer",
      /* opts */ "pointer",
    ],
    result: "i32",
  },
  /** int bpf_map_freeze(int fd) */
  bpf_map_freeze: { parameters: [/* fd */ "i32"], result: "i32" },
  /** int bpf_btf_load(const void *btf_data, size_t btf_size, const struct bpf_btf_load_opts *opts) */
  bpf_btf_load: {
    parameters: [/* btf_data */ "buffer", /* btf_size */ "usize", /* opts */ "pointer"],
    result: "i32",
  },
  /**
   * int bpf_prog_load(enum bpf_prog_type prog_type, const char *prog_name, const char *license, const struct bpf_insn *insns,
   *                   size_t insn_cnt, const struct bpf_prog_load_opts *opts), in a thread of its own
   */
  bpf_prog_load: {
    parameters: [
      /* prog_type */ "u32",
      /* prog_name */ "buffer",
      /* license */ "buffer",
      /* insns */ "buffer",
      /* insn_cnt */ "usize",
      /* opts */ "buffer",
    ],
    result: "i32",
    nonblocking: true,
  },
  /** int bpf_raw_tracepoint_open(const char *name, int prog_fd) */
  bpf_raw_tracepoint_open: { parameters: [/* name */ "buffer", /* prog_fd */ "i32"], result: "i32" },
  /** int bpf_link_create(int prog_fd, int target_fd, enum bpf_attach_type attach_type, const struct bpf_link_create_opts *opts) */
  bpf_link_create: {
    parameters: [
      /* prog_fd */ "i32",
      /* target_fd */ "i32",
      /* attach_type */ "u32",
      /* opts */ "pointer",
    ],
    result: "i32",
  },
  /** int bpf_btf_get_next_id(__u32 start_id, __u32 *next_id) */
  bpf_btf_get_next_id: { parameters: [/* start_id */ "u32", /* next_id */ "buffer"], result: "i32" },
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

/** Those with which a loaded object is read, to load it again: in the same order. */
export const READING_SYMBOLS = {
  bpf_map__fd: LIBBPF_SYMBOLS.bpf_map__fd,
  bpf_program__fd: LIBBPF_SYMBOLS.bpf_program__fd,
  /** struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog) */
  bpf_object__next_program: { parameters: [/* obj */ "pointer", /* prog */ "pointer"], result: "pointer" },
  /** const char *bpf_program__name(const struct bpf_program *prog) */
  bpf_program__name: { parameters: [/* prog */ "pointer"], result: "pointer" },
  /** const struct bpf_insn *bpf_program__insns(const struct bpf_program *prog) */
  bpf_program__insns: { parameters: [/* prog */ "pointer"], result: "pointer" },
  /** size_t bpf_program__insn_cnt(const struct bpf_program *prog) */
  bpf_program__insn_cnt: { parameters: [/* prog */ "pointer"], result: "usize" },
  /** enum bpf_attach_type bpf_program__expected_attach_type(const struct bpf_program *prog) */
  bpf_program__expected_attach_type: { parameters: [/* prog */ "pointer"], result: "u32" },
  /** __u32 bpf_program__flags(const struct bpf_program *prog) */
  bpf_program__flags: { parameters: [/* prog */ "pointer"], result: "u32" },
  /** struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map) */
  bpf_object__next_map: { parameters: [/* obj */ "pointer", /* map */ "pointer"], result: "pointer" },
  /** const char *bpf_map__name(const struct bpf_map *map) */
  bpf_map__name: { parameters: [/* map */ "pointer"], result: "pointer" },
  /** const void *bpf_map__initial_value(struct bpf_map *map, size_t *psize) */
  bpf_map__initial_value: { parameters: [/* map */ "pointer", /* psize */ "buffer"], result: "pointer" },
  /** int bpf_btf_get_fd_by_id(__u32 id) */
  bpf_btf_get_fd_by_id: { parameters: [/* id */ "u32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;
