/*
 * What setup/pack.ts appends to the front: the packed files one after the other, a list of them, and a trailer, by which the
 * front finds the list. The numbers are those of the machine.
 */
#ifndef PACKED_H
#define PACKED_H

#include "blake3.h"
#include "inflate.h"
#include "ours.h"

#define PACKED_NAME_BYTES 64
#define VERSION_BYTES 32
#define MAGIC "ior packed 1\n\0\0"

struct packed_file {
	u64 offset, packed_bytes; /* in the whole file */
	u64 bytes; /* of the file itself */
	u64 mode;
	u32 digest[DIGEST_WORDS]; /* of the file itself */
	char name[PACKED_NAME_BYTES]; /* without a folder */
};

struct trailer {
	u64 list_offset, count; /* without a list the files lie beside the front */
	u32 digest[DIGEST_WORDS]; /* of the list, which so stands for all files */
	char version[VERSION_BYTES];
	char magic[16];
};

struct packed {
	const u8 *data;
	const struct packed_file *files;
	const struct trailer *trailer; /* 0 when nothing is appended */
	char *path; /* of the whole file */
};

#define PROT_READ 1
#define MAP_SHARED 1
#define MAP_POPULATE 0x8000

/* A file in memory, all of it: 0 when it cannot be. Its bytes may come from the disk as they are read. */
static const u8 *map_file(s64 fd, u64 bytes, int populate)
{
	s64 address = call6(SYS_mmap, 0, bytes, PROT_READ, MAP_SHARED | (populate ? MAP_POPULATE : 0), fd, 0);
	return address < 0 && address > -4096 ? 0 : (const u8 *)address;
}

static _Noreturn void refuse_packed(const char *path, const char *why)
{
	write_text(2, "ior: Cannot start ");
	write_text(2, path);
	write_text(2, why);
	leave(1);
}

#define INCOMPLETE ": it is damaged or incomplete\n  Copy it again, or make it again: deno task pack\n"

static int fits(u64 offset, u64 bytes, u64 all)
{
	return offset <= all && bytes <= all - offset;
}

static int is_name(const char *name)
{
	u64 length = 0;
	while (length < PACKED_NAME_BYTES && name[length])
		length++;
	return length > 0 && length < PACKED_NAME_BYTES && name[0] != '.' && !has_slash(name);
}

/* The file that this process runs. What is wrong with it ends the process. */
static struct packed open_packed(void)
{
	struct packed packed = { .path = new_memory(PATH_BYTES) };
	struct info info;
	s64 bytes = call4(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", packed.path, PATH_BYTES - 1);
	s64 fd = call3(SYS_openat, AT_FDCWD, "/proc/self/exe", O_CLOEXEC);
	if (bytes <= 0 || fd < 0)
		refuse_packed("itself", ": /proc/self/exe cannot be read\n  Mount /proc, and let its user read the file ior\n");
	packed.path[bytes] = 0;
	u64 size = call5(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_OWNER_SIZE, &info) == 0 ? info.size : 0;
	packed.data = size > sizeof(struct trailer) ? map_file(fd, size, 0) : 0;
	call1(SYS_close, fd);
	if (!packed.data)
		refuse_packed(packed.path, INCOMPLETE);
	const struct trailer *trailer = (const struct trailer *)(packed.data + size - sizeof(struct trailer));
	packed.trailer = trailer;
	packed.files = (const struct packed_file *)(packed.data + trailer->list_offset);
	u32 digest[DIGEST_WORDS];
	u64 list_bytes = trailer->count * sizeof(struct packed_file);
	if (size % 8 || !same_text(trailer->magic, MAGIC)) {
		packed.trailer = 0;
		return packed;
	}
	if (trailer->version[VERSION_BYTES - 1] || trailer->count > size || trailer->list_offset % 8 || !fits(trailer->list_offset, list_bytes, size))
		refuse_packed(packed.path, INCOMPLETE);
	hash((const u8 *)packed.files, list_bytes, digest);
	int is_whole = same_digest(digest, trailer->digest);
	for (u64 i = 0; i < trailer->count && is_whole; i++)
		is_whole = fits(packed.files[i].offset, packed.files[i].packed_bytes, size) && is_name(packed.files[i].name);
	if (!is_whole)
		refuse_packed(packed.path, INCOMPLETE);
	return packed;
}

#endif
