/**
 * The functions of libdw that ior calls, one entry each, in the order of `elfutils/libdwfl.h` and `elfutils/libdw.h`. All
 * of them are in elfutils 0.170 and newer.
 */
export const LIBDW_SYMBOLS = {
  /** int dwfl_build_id_find_elf(...), for `Dwfl_Callbacks.find_elf`: its address */
  dwfl_build_id_find_elf: { type: "pointer" },
  /** int dwfl_standard_find_debuginfo(...), for `Dwfl_Callbacks.find_debuginfo`: its address */
  dwfl_standard_find_debuginfo: { type: "pointer" },
  /** int dwfl_offline_section_address(...), for `Dwfl_Callbacks.section_address`: its address */
  dwfl_offline_section_address: { type: "pointer" },
  /** const char *dwfl_version(Dwfl *dwfl): with a null pointer that of the library */
  dwfl_version: { parameters: [/* dwfl */ "pointer"], result: "pointer" },
  /** Dwfl *dwfl_begin(const Dwfl_Callbacks *callbacks) */
  dwfl_begin: { parameters: [/* callbacks */ "buffer"], result: "pointer" },
  /** void dwfl_end(Dwfl *dwfl) */
  dwfl_end: { parameters: [/* dwfl */ "pointer"], result: "void" },
  /** void dwfl_report_begin(Dwfl *dwfl) */
  dwfl_report_begin: { parameters: [/* dwfl */ "pointer"], result: "void" },
  /** Dwfl_Module *dwfl_report_elf(Dwfl *dwfl, const char *name, const char *file_name, int fd, GElf_Addr base, bool add_p_vaddr) */
  dwfl_report_elf: {
    parameters: [
      /* dwfl */ "pointer",
      /* name */ "buffer",
      /* file_name */ "buffer",
      /* fd */ "i32",
      /* base */ "u64",
      /* add_p_vaddr */ "bool",
    ],
    result: "pointer",
  },
  /** int dwfl_report_end(Dwfl *dwfl, int (*removed)(...), void *arg) */
  dwfl_report_end: {
    parameters: [/* dwfl */ "pointer", /* removed */ "pointer", /* arg */ "pointer"],
    result: "i32",
  },
  /** Elf *dwfl_module_getelf(Dwfl_Module *mod, GElf_Addr *bias) */
  dwfl_module_getelf: { parameters: [/* mod */ "pointer", /* bias */ "buffer"], result: "pointer" },
  /** const char *dwfl_module_addrname(Dwfl_Module *mod, GElf_Addr address) */
  dwfl_module_addrname: { parameters: [/* mod */ "pointer", /* address */ "u64"], result: "pointer" },
  /** Dwarf_Die *dwfl_module_addrdie(Dwfl_Module *mod, Dwarf_Addr addr, Dwarf_Addr *bias) */
  dwfl_module_addrdie: {
    parameters: [/* mod */ "pointer", /* addr */ "u64", /* bias */ "buffer"],
    result: "pointer",
  },
  /** Dwarf_Die *dwfl_module_nextcu(Dwfl_Module *mod, Dwarf_Die *lastcu, Dwarf_Addr *bias) */
  dwfl_module_nextcu: {
    parameters: [/* mod */ "pointer", /* lastcu */ "pointer", /* bias */ "buffer"],
    result: "pointer",
  },
  /** Dwarf_CFI *dwfl_module_eh_cfi(Dwfl_Module *mod, Dwarf_Addr *bias) */
  dwfl_module_eh_cfi: { parameters: [/* mod */ "pointer", /* bias */ "buffer"], result: "pointer" },
  /** int dwarf_haspc(Dwarf_Die *die, Dwarf_Addr pc) */
  dwarf_haspc: { parameters: [/* die */ "pointer", /* pc */ "u64"], result: "i32" },
  /** int dwarf_getscopes(Dwarf_Die *cudie, Dwarf_Addr pc, Dwarf_Die **scopes) */
  dwarf_getscopes: {
    parameters: [/* cudie */ "pointer", /* pc */ "u64", /* scopes */ "buffer"],
    result: "i32",
  },
  /** int dwarf_getscopes_die(Dwarf_Die *die, Dwarf_Die **scopes) */
  dwarf_getscopes_die: { parameters: [/* die */ "u64", /* scopes */ "buffer"], result: "i32" },
  /** int dwarf_tag(Dwarf_Die *die) */
  dwarf_tag: { parameters: [/* die */ "u64"], result: "i32" },
  /** const char *dwarf_diename(Dwarf_Die *die) */
  dwarf_diename: { parameters: [/* die */ "u64"], result: "pointer" },
  /** Dwarf_Attribute *dwarf_attr_integrate(Dwarf_Die *die, unsigned int search_name, Dwarf_Attribute *result) */
  dwarf_attr_integrate: {
    parameters: [/* die */ "u64", /* search_name */ "u32", /* result */ "buffer"],
    result: "pointer",
  },
  /** const char *dwarf_formstring(Dwarf_Attribute *attrp) */
  dwarf_formstring: { parameters: [/* attrp */ "buffer"], result: "pointer" },
  /** int dwarf_cfi_addrframe(Dwarf_CFI *cache, Dwarf_Addr address, Dwarf_Frame **frame) */
  dwarf_cfi_addrframe: {
    parameters: [/* cache */ "pointer", /* address */ "u64", /* frame */ "buffer"],
    result: "i32",
  },
  /** int dwarf_frame_cfa(Dwarf_Frame *frame, Dwarf_Op **ops, size_t *nops) */
  dwarf_frame_cfa: {
    parameters: [/* frame */ "u64", /* ops */ "buffer", /* nops */ "buffer"],
    result: "i32",
  },
} as const satisfies Deno.ForeignLibraryInterface;

/** What libdw gives memory with. */
export const FREE_SYMBOLS = {
  /** void free(void *ptr) */
  free: { parameters: [/* ptr */ "u64"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** The function of the C++ library that reads the names of C++ and Rust. */
export const DEMANGLE_SYMBOLS = {
  /** char *__cxa_demangle(const char *mangled_name, char *output_buffer, size_t *length, int *status) */
  __cxa_demangle: {
    parameters: [
      /* mangled_name */ "buffer",
      /* output_buffer */ "pointer",
      /* length */ "pointer",
      /* status */ "buffer",
    ],
    result: "pointer",
  },
} as const satisfies Deno.ForeignLibraryInterface;
