/*
 * BLAKE3 of a piece of memory, after its specification: a tree over chunks of 1 KiB, of which eight are hashed side by side in
 * the lanes of vectors. It verifies the 100 MB of a packed file at every start, where SHA-256 would take as long as the start.
 */
#ifndef BLAKE3_H
#define BLAKE3_H

#include "text.h"

#define DIGEST_WORDS 8
#define DIGEST_BYTES 32
#define BLOCK_BYTES 64
#define CHUNK_BYTES 1024UL
#define LANES_WIDE 8
/* Chunks that are hashed together with all that is above them: a whole subtree. */
#define SUBTREE_CHUNKS 64
#define SUBTREE_BYTES (SUBTREE_CHUNKS * CHUNK_BYTES)

/* What a block is: flags of the specification. */
enum { CHUNK_START = 1, CHUNK_END = 2, PARENT = 4, ROOT = 8 };

typedef u32 wide __attribute__((vector_size(4 * LANES_WIDE)));
typedef u32 unaligned_word __attribute__((may_alias, aligned(1)));

static const u32 INITIAL[DIGEST_WORDS] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					   0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

/* The order of a block's words in each round. */
#define ROUNDS 7
static const u8 ORDER[ROUNDS][16] = {
	{ 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
	{ 2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8 },
	{ 3, 4, 10, 12, 13, 2, 7, 14, 6, 5, 9, 0, 11, 15, 8, 1 },
	{ 10, 7, 12, 9, 14, 3, 13, 15, 4, 0, 11, 2, 5, 8, 1, 6 },
	{ 12, 13, 9, 11, 15, 10, 14, 8, 7, 2, 5, 3, 0, 1, 6, 4 },
	{ 9, 14, 11, 5, 8, 12, 15, 1, 13, 3, 0, 10, 2, 6, 4, 7 },
	{ 11, 15, 5, 0, 1, 9, 8, 6, 14, 10, 2, 12, 3, 4, 7, 13 },
};

/* Both for single words and for vectors of them. */
#define TURNED(x, bits) ((x) >> (bits) | (x) << (32 - (bits)))
#define MIX(a, b, c, d, x, y)                \
	do {                                 \
		a += b + (x);                \
		d = TURNED(d ^ a, 16);       \
		c += d;                      \
		b = TURNED(b ^ c, 12);       \
		a += b + (y);                \
		d = TURNED(d ^ a, 8);        \
		c += d;                      \
		b = TURNED(b ^ c, 7);        \
	} while (0)
#define MIX_ALL(v, m)                                                               \
	for (int round = 0; round < ROUNDS; round++) {                              \
		const u8 *at = ORDER[round];                                        \
		MIX(v[0], v[4], v[8], v[12], m[at[0]], m[at[1]]);                   \
		MIX(v[1], v[5], v[9], v[13], m[at[2]], m[at[3]]);                   \
		MIX(v[2], v[6], v[10], v[14], m[at[4]], m[at[5]]);                  \
		MIX(v[3], v[7], v[11], v[15], m[at[6]], m[at[7]]);                  \
		MIX(v[0], v[5], v[10], v[15], m[at[8]], m[at[9]]);                  \
		MIX(v[1], v[6], v[11], v[12], m[at[10]], m[at[11]]);                \
		MIX(v[2], v[7], v[8], v[13], m[at[12]], m[at[13]]);                 \
		MIX(v[3], v[4], v[9], v[14], m[at[14]], m[at[15]]);                 \
	}

/* Takes a block into a chaining value. */
static void compress(u32 *value, const u32 *block, u64 counter, u32 bytes, u32 flags)
{
	u32 v[16];
	for (int i = 0; i < 8; i++)
		v[i] = value[i], v[i + 8] = INITIAL[i & 3];
	v[12] = counter, v[13] = counter >> 32, v[14] = bytes, v[15] = flags;
	MIX_ALL(v, block)
	for (int i = 0; i < 8; i++)
		value[i] = v[i] ^ v[i + 8];
}

/* The same for eight blocks, each `stride` bytes after the one before. */
static inline __attribute__((always_inline)) void compress_wide(wide *value, const u8 *blocks, u64 stride, u64 counter,
								u64 counter_step, u32 flags)
{
	wide v[16], m[16];
	for (int lane = 0; lane < LANES_WIDE; lane++) {
		const unaligned_word *words = (const unaligned_word *)(blocks + lane * stride);
		for (int i = 0; i < 16; i++)
			m[i][lane] = words[i];
		v[12][lane] = counter + lane * counter_step;
		v[13][lane] = (counter + lane * counter_step) >> 32;
	}
	for (int i = 0; i < 8; i++)
		v[i] = value[i];
	for (int i = 0; i < 4; i++)
		v[i + 8] = (wide){} + INITIAL[i];
	v[14] = (wide){} + BLOCK_BYTES, v[15] = (wide){} + flags;
	MIX_ALL(v, m)
	for (int i = 0; i < 8; i++)
		value[i] = v[i] ^ v[i + 8];
}

static void set_initial(u32 *value)
{
	for (int i = 0; i < DIGEST_WORDS; i++)
		value[i] = INITIAL[i];
}

/* The value above two others, which lie one after the other. */
static void join(u32 *value, const u32 *two, u32 flags)
{
	u32 joined[DIGEST_WORDS];
	set_initial(joined);
	compress(joined, two, 0, BLOCK_BYTES, PARENT | flags);
	for (int i = 0; i < DIGEST_WORDS; i++)
		value[i] = joined[i];
}

/* Eight values, or those above eight pairs, in the place of `rows`. */
static inline __attribute__((always_inline)) void store_wide(u32 *rows, const wide *value)
{
	for (int lane = 0; lane < LANES_WIDE; lane++)
		for (int i = 0; i < DIGEST_WORDS; i++)
			rows[lane * DIGEST_WORDS + i] = value[i][lane];
}

static inline __attribute__((always_inline)) void initial_wide(wide *value)
{
	for (int i = 0; i < DIGEST_WORDS; i++)
		value[i] = (wide){} + INITIAL[i];
}

/* The value of SUBTREE_BYTES. */
static inline __attribute__((always_inline)) void hash_subtree(const u8 *data, u64 chunk, u32 *result)
{
	u32 rows[SUBTREE_CHUNKS * DIGEST_WORDS];
	wide value[DIGEST_WORDS];
	for (int done = 0; done < SUBTREE_CHUNKS; done += LANES_WIDE) {
		initial_wide(value);
		for (u64 at = 0; at < CHUNK_BYTES; at += BLOCK_BYTES)
			compress_wide(value, data + done * CHUNK_BYTES + at, CHUNK_BYTES, chunk + done, 1,
				      (at == 0 ? CHUNK_START : 0) |
					      (at + BLOCK_BYTES == CHUNK_BYTES ? CHUNK_END : 0));
		store_wide(rows + done * DIGEST_WORDS, value);
	}
	int left = SUBTREE_CHUNKS / 2;
	for (; left >= LANES_WIDE; left /= 2)
		for (int done = 0; done < left; done += LANES_WIDE) {
			initial_wide(value);
			compress_wide(value, (const u8 *)(rows + 2 * done * DIGEST_WORDS), BLOCK_BYTES, 0, 0, PARENT);
			store_wide(rows + done * DIGEST_WORDS, value);
		}
	for (; left >= 1; left /= 2)
		for (int i = 0; i < left; i++)
			join(rows + i * DIGEST_WORDS, rows + 2 * i * DIGEST_WORDS, 0);
	for (int i = 0; i < DIGEST_WORDS; i++)
		result[i] = rows[i];
}

typedef void subtree_hasher(const u8 *data, u64 chunk, u32 *result);

static void hash_subtree_everywhere(const u8 *data, u64 chunk, u32 *result)
{
	hash_subtree(data, chunk, result);
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static void hash_subtree_avx2(const u8 *data, u64 chunk, u32 *result)
{
	hash_subtree(data, chunk, result);
}

/* Twice the registers, and an instruction that turns a word. */
__attribute__((target("avx512f,avx512vl"))) static void hash_subtree_avx512(const u8 *data, u64 chunk, u32 *result)
{
	hash_subtree(data, chunk, result);
}

static void cpuid(u32 leaf, u32 *registers)
{
	__asm__("cpuid" : "=a"(registers[0]), "=b"(registers[1]), "=c"(registers[2]), "=d"(registers[3]) : "a"(leaf), "c"(0));
}

#define OSXSAVE (1U << 27) /* leaf 1, third register */
#define AVX2 (1U << 5) /* leaf 7, second register */
#define AVX512_F_VL (1U << 16 | 1U << 31)
/* Registers that the kernel keeps: XMM and YMM; and those of AVX-512. */
#define KEEPS_YMM 0x06U
#define KEEPS_ZMM 0xe6U

/* The fastest that this processor has and the kernel keeps the registers of. */
static subtree_hasher *best_hasher(void)
{
	u32 registers[4], kept, high;
	cpuid(0, registers);
	if (registers[0] < 7)
		return hash_subtree_everywhere;
	cpuid(1, registers);
	if (!(registers[2] & OSXSAVE))
		return hash_subtree_everywhere;
	__asm__("xgetbv" : "=a"(kept), "=d"(high) : "c"(0));
	cpuid(7, registers);
	if ((kept & KEEPS_ZMM) == KEEPS_ZMM && (registers[1] & AVX512_F_VL) == AVX512_F_VL)
		return hash_subtree_avx512;
	return (kept & KEEPS_YMM) == KEEPS_YMM && registers[1] & AVX2 ? hash_subtree_avx2 : hash_subtree_everywhere;
}
#else
static subtree_hasher *best_hasher(void)
{
	return hash_subtree_everywhere;
}
#endif

static void hash_chunk(const u8 *data, u64 bytes, u64 chunk, u32 flags, u32 *result)
{
	u64 at = 0;
	set_initial(result);
	do {
		u32 block[16] = { 0 };
		u64 length = bytes - at < BLOCK_BYTES ? bytes - at : BLOCK_BYTES;
		for (u64 i = 0; i < length; i++)
			block[i / 4] |= (u32)data[at + i] << 8 * (i % 4);
		compress(result, block, chunk, length,
			 (at == 0 ? CHUNK_START : 0) | (at + length == bytes ? CHUNK_END | flags : 0));
		at += length;
	} while (at < bytes);
}

/* The value of any number of bytes: of the largest full tree of chunks that leaves something, and of what it leaves. */
static void hash_tree(subtree_hasher *hasher, const u8 *data, u64 bytes, u64 chunk, u32 flags, u32 *result)
{
	if (bytes <= CHUNK_BYTES)
		return hash_chunk(data, bytes, chunk, flags, result);
	if (bytes == SUBTREE_BYTES && !flags)
		return hasher(data, chunk, result);
	u32 two[2 * DIGEST_WORDS];
	u64 left = CHUNK_BYTES;
	while (left * 2 < bytes)
		left *= 2;
	hash_tree(hasher, data, left, chunk, 0, two);
	hash_tree(hasher, data + left, bytes - left, chunk + left / CHUNK_BYTES, 0, two + DIGEST_WORDS);
	join(result, two, flags);
}

static void hash(const u8 *data, u64 bytes, u32 *digest)
{
	hash_tree(best_hasher(), data, bytes, 0, ROOT, digest);
}

static int same_digest(const u32 *a, const u32 *b)
{
	int same = 1;
	for (int i = 0; i < DIGEST_WORDS; i++)
		same &= a[i] == b[i];
	return same;
}

/* As text: two digits for each byte. */
static char *put_digest(char *to, const u32 *digest)
{
	for (int i = 0; i < DIGEST_BYTES; i++)
		for (int shift = 4; shift >= 0; shift -= 4)
			*to++ = "0123456789abcdef"[digest[i / 4] >> 8 * (i % 4) >> shift & 15];
	*to = 0;
	return to;
}

#endif
