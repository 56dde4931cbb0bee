/*
 * The front of ior where it is one file, or installed without a checkout: setup/pack.ts appends the runtime, the modules and
 * all else that ior opens, see packed.h. It unpacks them once, verifies them, and starts ior: no shell, no network, no package.
 */
#include "syscalls.h"
#include "text.h"
#include "memory.h"
#include "start.h"
#include "unpack.h"

#if defined(__x86_64__)
#define LOADER "/lib64/ld-linux-x86-64.so.2"
#define MACHINE "x86_64"
#else
#define LOADER "/lib/ld-linux-aarch64.so.1"
#define MACHINE "aarch64"
#endif

/* What engine/launch/started.ts names: the file that may be given capabilities, and the DENO_DIR of who started ior. */
#define FRONT "IOR_FRONT"
#define CALLER_DENO_DIR "IOR_CALLER_DENO_DIR"
/* Where no folder can be made: the runtime then keeps nothing. */
#define NOWHERE "/proc/ior"

static u64 blocked_signals(void)
{
	u64 blocked = 0;
	call4(SYS_rt_sigprocmask, SIG_SETMASK, 0, &blocked, sizeof(blocked));
	return blocked;
}

static char *folder_of(const char *path)
{
	char *folder = joined(path, "");
	char *end = folder + length_of(folder);
	while (end > folder && *end != '/')
		end--;
	*end = 0;
	return folder;
}

/* ior-front digest FILE: for setup/pack.ts. */
static _Noreturn void print_digest(const char *path)
{
	struct info info;
	u32 digest[DIGEST_WORDS];
	char line[2 * DIGEST_BYTES + 2];
	s64 fd = call3(SYS_openat, AT_FDCWD, path, O_CLOEXEC);
	if (fd < 0 || call5(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_OWNER_SIZE, &info) < 0)
		leave(1);
	const u8 *data = info.size ? map_file(fd, info.size, 0) : (const u8 *)"";
	if (!data)
		leave(1);
	hash(data, info.size, digest);
	char *end = put_digest(line, digest);
	*end++ = '\n';
	write_all(1, line, end - line);
	leave(0);
}

static int is_version(const char *word)
{
	return same_text(word, "--version") || same_text(word, "-V") || same_text(word, "version");
}

static _Noreturn void print_version(const struct packed *packed)
{
	char line[sizeof("ior \n") + VERSION_BYTES];
	char *end = put_text(put_text(put_text(line, "ior "), packed->trailer->version), "\n");
	if (write_all(1, line, end - line))
		leave(0);
	write_text(2, "ior: Cannot write to standard output\n  Check the space on its device\n");
	leave(1);
}

void begin(u64 *stack)
{
	char **words = (char **)(stack + 1) + 1;
	char **environment = words + stack[0];
	u64 blocked = blocked_signals();
	int asks_version = stack[0] > 1 && is_version(words[0]);
	/* What is mapped below is as large as the runtime. */
	struct limits limits = asks_version ? (struct limits){ 0 } : raise_limits();
	struct packed packed = open_packed();
	if (!packed.trailer && stack[0] == 3 && same_text(words[0], "digest"))
		print_digest(words[1]);
	if (!packed.trailer)
		refuse_packed(packed.path, INCOMPLETE);
	if (stack[0] < 1)
		leave(NOT_STARTED);
	if (asks_version)
		print_version(&packed);
	if (call3(SYS_faccessat, AT_FDCWD, LOADER, X_OK) < 0)
		refuse_packed(packed.path, ": this machine has no GNU C library for " MACHINE ", which Deno needs\n"
					   "  Use a system that has one, such as Debian, Ubuntu or Fedora\n");
	s64 umask = call1(SYS_umask, 0077); /* what is made here is for this user alone */
	int is_packed = packed.trailer->count > 0;
	struct cache cache = choose_cache(environment, is_packed ? tree_of(&packed) : 0);
	if (is_packed && !cache.path)
		refuse_cache(&packed, &cache);
	char *tree = is_packed ? unpacked(&packed, cache.path) : folder_of(packed.path);
	char *kept = cache.path && !cache.is_read ? joined(cache.path, "/deno_dir") : 0;
	if (kept)
		make_folder(kept);
	const char *caller = value_in(environment, "DENO_DIR");
	environment = with_variable(environment, CALLER_DENO_DIR, caller ? caller : "");
	environment = with_variable(environment, "DENO_DIR", kept ? kept : NOWHERE);
	environment = with_variable(environment, FRONT, packed.path);
	environment = runtime_environment(environment);
	char **runtime = new_memory((count_of(words) + RUNTIME_WORDS) * sizeof(char *));
	put_runtime_words(runtime, joined(tree, "/deno"), 0, joined(tree, "/main.mjs"), words);
	call1(SYS_umask, umask);
	start(may_trace(words), blocked, &limits, runtime, environment);
}
