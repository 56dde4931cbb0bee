/* Texts and numbers without a C library. */
#ifndef TEXT_H
#define TEXT_H

#include "syscalls.h"

/* clang turns loops and copies into calls of these. */
void *memcpy(void *to, const void *from, u64 bytes)
{
	for (u64 i = 0; i < bytes; i++)
		((volatile u8 *)to)[i] = ((const u8 *)from)[i];
	return to;
}

void *memset(void *to, int value, u64 bytes)
{
	for (u64 i = 0; i < bytes; i++)
		((volatile u8 *)to)[i] = value;
	return to;
}

static u64 length_of(const char *text)
{
	u64 length = 0;
	while (text[length])
		length++;
	return length;
}

static int same_text(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

static int has_slash(const char *text)
{
	while (*text && *text != '/')
		text++;
	return *text == '/';
}

/* The value if `entry` is NAME=value; otherwise 0. */
static const char *value_of(const char *entry, const char *name)
{
	while (*name && *entry == *name)
		entry++, name++;
	return *name == 0 && *entry == '=' ? entry + 1 : 0;
}

/* Writes the number and returns where its text ends. */
static char *put_number(char *to, u64 number)
{
	char digits[20];
	int count = 0;
	do
		digits[count++] = '0' + number % 10;
	while (number /= 10);
	while (count)
		*to++ = digits[--count];
	return to;
}

/* A decimal number; the caller is ior itself. */
static u64 number_of(const char *text)
{
	u64 number = 0;
	while (*text >= '0' && *text <= '9')
		number = 10 * number + (*text++ - '0');
	return number;
}

static u64 hexadecimal(const char *text)
{
	u64 number = 0;
	for (; *text; text++)
		number = number << 4 | (*text <= '9' ? *text - '0' : (*text | 0x20) - 'a' + 10);
	return number;
}

static char *put_text(char *to, const char *text)
{
	while (*text)
		*to++ = *text++;
	return to;
}

/* Writes all of it, or gives up when the reader has gone; false then. */
static int write_all(int fd, const char *bytes, u64 count)
{
	while (count) {
		s64 written = call3(SYS_write, fd, bytes, count);
		if (written <= 0)
			return 0;
		bytes += written;
		count -= written;
	}
	return 1;
}

static void write_text(int fd, const char *text)
{
	write_all(fd, text, length_of(text));
}

static _Noreturn void leave(int status)
{
	for (;;)
		call1(SYS_exit_group, status);
}

/* True for valid UTF-8: no surrogates, no overlong forms, nothing above U+10FFFF. */
static int is_utf8(const u8 *text)
{
	while (*text) {
		u8 first = *text++;
		if (first < 0x80)
			continue;
		if (first < 0xc2 || first > 0xf4)
			return 0;
		int more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
		u8 lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
		u8 highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
		for (; more; more--) {
			if (*text < lowest || *text > highest)
				return 0;
			text++;
			lowest = 0x80, highest = 0xbf;
		}
	}
	return 1;
}

#endif
