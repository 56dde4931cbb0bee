/* Unpacks what DEFLATE (RFC 1951) has packed, into a file. Whatever is wrong with the input ends it: nothing is guessed. */
#ifndef INFLATE_H
#define INFLATE_H

#include "text.h"

/* The format looks back at most 32 KiB; the window is written to the file each time it is full. */
#define WINDOW_BYTES 65536UL
#define LONGEST_CODE 15
#define LITERALS 288
#define DISTANCES 30
#define END_OF_BLOCK 256

struct inflater {
	const u8 *in, *end;
	u64 bits; /* read and not yet used, the next one lowest */
	u32 count;
	s64 error; /* 0, a negative errno of a write, or DAMAGED */
	s64 fd;
	u64 written, limit;
	u8 window[WINDOW_BYTES];
	/* Of any LONGEST_CODE bits: the symbol they begin with, times 16, plus its length; 0 for none. */
	u16 literals[1 << LONGEST_CODE], distances[1 << LONGEST_CODE];
};

#define DAMAGED 1

static const u16 LENGTH_BASE[] = { 3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
				   31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258 };
static const u8 LENGTH_EXTRA[] = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0 };
static const u16 DISTANCE_BASE[] = { 1,	  2,   3,   4,	 5,   7,    9,	  13,	17,   25,   33,	  49,	65,    97,    129,
				     193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };
static const u8 DISTANCE_EXTRA[] = { 0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
				     6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13 };

static void fill_bits(struct inflater *inflater)
{
	while (inflater->count <= 56 && inflater->in < inflater->end) {
		inflater->bits |= (u64)*inflater->in++ << inflater->count;
		inflater->count += 8;
	}
}

static void use_bits(struct inflater *inflater, u32 count)
{
	if (count > inflater->count) {
		inflater->error = DAMAGED;
		count = inflater->count;
	}
	inflater->bits >>= count;
	inflater->count -= count;
}

/* At most 16 bits. */
static u32 take_bits(struct inflater *inflater, u32 count)
{
	fill_bits(inflater);
	u32 value = inflater->bits & ((1U << count) - 1);
	use_bits(inflater, count);
	return value;
}

static u32 take_symbol(struct inflater *inflater, const u16 *table)
{
	fill_bits(inflater);
	u16 entry = table[inflater->bits & ((1 << LONGEST_CODE) - 1)];
	if (!entry)
		inflater->error = DAMAGED;
	use_bits(inflater, entry & 15);
	return entry >> 4;
}

/* Makes a table from the lengths of the codes. Fewer codes than would fit are allowed: a block may have a single distance. */
static void make_table(struct inflater *inflater, u16 *table, const u8 *lengths, u32 symbols)
{
	u32 counts[LONGEST_CODE + 1] = { 0 }, next[LONGEST_CODE + 2] = { 0 };
	for (u32 i = 0; i < 1 << LONGEST_CODE; i++)
		table[i] = 0;
	for (u32 i = 0; i < symbols; i++)
		counts[lengths[i]]++;
	counts[0] = 0;
	for (u32 length = 1; length <= LONGEST_CODE; length++) {
		next[length + 1] = (next[length] + counts[length]) << 1;
		if (next[length] + counts[length] > 1U << length) {
			inflater->error = DAMAGED;
			return;
		}
	}
	for (u32 symbol = 0; symbol < symbols; symbol++) {
		u32 length = lengths[symbol], code = next[length], turned = 0;
		if (!length)
			continue;
		next[length]++;
		/* A code's first bit is its highest, and comes first. */
		for (u32 i = 0; i < length; i++)
			turned |= (code >> i & 1) << (length - 1 - i);
		for (; turned < 1 << LONGEST_CODE; turned += 1U << length)
			table[turned] = symbol << 4 | length;
	}
}

static void make_fixed_tables(struct inflater *inflater)
{
	u8 lengths[LITERALS];
	for (u32 i = 0; i < LITERALS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	make_table(inflater, inflater->literals, lengths, LITERALS);
	for (u32 i = 0; i < DISTANCES; i++)
		lengths[i] = 5;
	make_table(inflater, inflater->distances, lengths, DISTANCES);
}

/* Reads the lengths of the codes of a block, which are packed themselves. */
static void read_tables(struct inflater *inflater)
{
	static const u8 order[] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	u8 lengths[LITERALS + 32] = { 0 };
	u32 literals = take_bits(inflater, 5) + 257, distances = take_bits(inflater, 5) + 1;
	u32 count = take_bits(inflater, 4) + 4, at = 0;
	for (u32 i = 0; i < count; i++)
		lengths[order[i]] = take_bits(inflater, 3);
	make_table(inflater, inflater->literals, lengths, sizeof(order));
	for (u32 i = 0; i < sizeof(order); i++)
		lengths[i] = 0;
	while (at < literals + distances && !inflater->error) {
		u32 symbol = take_symbol(inflater, inflater->literals), times = 1, length = symbol;
		if (symbol == 16) {
			length = at ? lengths[at - 1] : 0;
			times = 3 + take_bits(inflater, 2);
		} else if (symbol > 16) {
			length = 0;
			times = symbol == 17 ? 3 + take_bits(inflater, 3) : 11 + take_bits(inflater, 7);
		}
		if ((symbol == 16 && !at) || at + times > literals + distances)
			inflater->error = DAMAGED;
		else
			while (times--)
				lengths[at++] = length;
	}
	if (literals > LITERALS || distances > DISTANCES)
		inflater->error = DAMAGED;
	if (inflater->error)
		return;
	make_table(inflater, inflater->literals, lengths, literals);
	make_table(inflater, inflater->distances, lengths + literals, distances);
}

static void write_window(struct inflater *inflater, u64 bytes)
{
	for (u64 done = 0; done < bytes && !inflater->error;) {
		s64 count = call3(SYS_write, inflater->fd, inflater->window + done, bytes - done);
		if (count < 0)
			inflater->error = count;
		else
			done += count;
	}
}

static void put_byte(struct inflater *inflater, u8 byte)
{
	if (inflater->written == inflater->limit) {
		inflater->error = DAMAGED;
		return;
	}
	inflater->window[inflater->written++ % WINDOW_BYTES] = byte;
	if (inflater->written % WINDOW_BYTES == 0)
		write_window(inflater, WINDOW_BYTES);
}

static void copy_back(struct inflater *inflater, u32 length_symbol)
{
	if (length_symbol >= sizeof(LENGTH_EXTRA)) {
		inflater->error = DAMAGED;
		return;
	}
	u64 length = LENGTH_BASE[length_symbol] + take_bits(inflater, LENGTH_EXTRA[length_symbol]);
	u32 symbol = take_symbol(inflater, inflater->distances);
	if (inflater->error)
		return;
	u64 distance = DISTANCE_BASE[symbol] + take_bits(inflater, DISTANCE_EXTRA[symbol]);
	if (distance > inflater->written)
		inflater->error = DAMAGED;
	for (; length && !inflater->error; length--)
		put_byte(inflater, inflater->window[(inflater->written - distance) % WINDOW_BYTES]);
}

static void inflate_stored(struct inflater *inflater)
{
	take_bits(inflater, inflater->count % 8);
	u32 length = take_bits(inflater, 16), complement = take_bits(inflater, 16);
	if ((length ^ complement) != 0xffff)
		inflater->error = DAMAGED;
	for (; length && !inflater->error; length--)
		put_byte(inflater, take_bits(inflater, 8));
}

static void inflate_coded(struct inflater *inflater)
{
	while (!inflater->error) {
		u32 symbol = take_symbol(inflater, inflater->literals);
		if (symbol < END_OF_BLOCK)
			put_byte(inflater, symbol);
		else if (symbol == END_OF_BLOCK)
			return;
		else
			copy_back(inflater, symbol - END_OF_BLOCK - 1);
	}
}

/* Unpacks exactly `bytes` into the file; 0, a negative errno, or DAMAGED. */
static s64 inflate(struct inflater *inflater, const u8 *packed, u64 packed_bytes, s64 fd, u64 bytes)
{
	inflater->in = packed;
	inflater->end = packed + packed_bytes;
	inflater->bits = inflater->count = inflater->written = 0;
	inflater->error = 0;
	inflater->fd = fd;
	inflater->limit = bytes;
	u32 last = 0;
	while (!last && !inflater->error) {
		last = take_bits(inflater, 1);
		switch (take_bits(inflater, 2)) {
		case 0:
			inflate_stored(inflater);
			break;
		case 1:
			make_fixed_tables(inflater);
			inflate_coded(inflater);
			break;
		case 2:
			read_tables(inflater);
			if (!inflater->error)
				inflate_coded(inflater);
			break;
		default:
			inflater->error = DAMAGED;
		}
	}
	write_window(inflater, inflater->written % WINDOW_BYTES);
	if (!inflater->error && inflater->written != bytes)
		inflater->error = DAMAGED;
	return inflater->error;
}

#endif
