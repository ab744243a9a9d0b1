/* SPDX-License-Identifier: MIT */
/*
 * Images as inputs of fuzz targets, and back; see fuzz.h for the form.
 *
 *	tool_pack FIRST-BYTES IMAGE > INPUT	FIRST-BYTES: hex
 *	tool_pack -u SKIP INPUT > IMAGE		SKIP: bytes in front of the disc
 *	tool_pack -s IMAGE			where its last session starts
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lathe.h"

#define PIECE_HEAD 6u

static int fail(const char *what)
{
	fprintf(stderr, "tool_pack: %s\n", what);
	return 1;
}

static uint8_t *read_all(const char *path, size_t *bytes)
{
	FILE *file = fopen(path, "rb");
	uint8_t *data = NULL;
	long size;

	if (!file)
		return NULL;
	if (fseek(file, 0, SEEK_END) == 0 && (size = ftell(file)) >= 0) {
		rewind(file);
		/* Zeros behind it, so that the last block is whole. */
		data = calloc(1, (size_t)size + LATHE_BLOCK_BYTES);
		if (data)
			*bytes = fread(data, 1, (size_t)size, file);
	}
	fclose(file);
	return data;
}

static void put16(uint32_t v)
{
	putchar((int)(v & 255));
	putchar((int)(v >> 8 & 255));
}

/* How often the byte at p is there. */
static size_t run_of(const uint8_t *p, size_t left)
{
	size_t n = 1;

	while (n < left && p[n] == p[0])
		n++;
	return n;
}

static void put_piece(uint32_t lba, const uint8_t *block, size_t at,
		      size_t len, bool fill)
{
	put16(lba);
	put16((uint32_t)at | (fill ? 0x8000u : 0));
	put16((uint32_t)len);
	fwrite(block + at, 1, fill ? 1 : len, stdout);
}

static void pack_block(uint32_t lba, const uint8_t *block)
{
	size_t at = 0, begin = 0, n;

	while (at < LATHE_BLOCK_BYTES) {
		n = run_of(block + at, LATHE_BLOCK_BYTES - at);
		/* A short run is cheaper within a piece. */
		if (n <= PIECE_HEAD + (block[at] ? PIECE_HEAD + 1 : 0)) {
			at += n;
			continue;
		}
		if (at > begin)
			put_piece(lba, block, begin, at - begin, false);
		if (block[at])
			put_piece(lba, block, at, n, true);
		at += n;
		begin = at;
	}
	if (begin < LATHE_BLOCK_BYTES)
		put_piece(lba, block, begin, LATHE_BLOCK_BYTES - begin, false);
}

static int pack(const char *head, const char *path)
{
	size_t bytes = 0, i;
	uint8_t *image = read_all(path, &bytes);
	unsigned value;

	if (!image)
		return fail("can not read the image");
	for (; sscanf(head, "%2x", &value) == 1; head += 2)
		putchar((int)value);
	bytes = (bytes + LATHE_BLOCK_BYTES - 1) / LATHE_BLOCK_BYTES;
	put16((uint32_t)bytes);
	for (i = 0; i < bytes; i++)
		pack_block((uint32_t)i, image + i * LATHE_BLOCK_BYTES);
	free(image);
	return 0;
}

static int unpack(size_t skip, const char *path)
{
	size_t bytes = 0, at = skip + 2, len, place;
	uint8_t *in = read_all(path, &bytes), *image;
	uint32_t blocks, lba;

	if (!in || bytes < at)
		return fail("can not read the input");
	blocks = lathe_get_le16(in + skip) % 4096u;
	blocks += blocks == 0;
	image = calloc(blocks, LATHE_BLOCK_BYTES);
	while (image && bytes - at > PIECE_HEAD) {
		lba = lathe_get_le16(in + at) % blocks;
		place = lathe_get_le16(in + at + 2);
		len = lathe_get_le16(in + at + 4);
		at += PIECE_HEAD;
		if (len > LATHE_BLOCK_BYTES - place % LATHE_BLOCK_BYTES)
			len = LATHE_BLOCK_BYTES - place % LATHE_BLOCK_BYTES;
		if (!(place & 0x8000u) && len > bytes - at)
			len = bytes - at;
		if (place & 0x8000u)
			memset(image + lba * LATHE_BLOCK_BYTES +
				       place % LATHE_BLOCK_BYTES,
			       in[at], len);
		else
			memcpy(image + lba * LATHE_BLOCK_BYTES +
				       place % LATHE_BLOCK_BYTES,
			       in + at, len);
		at += place & 0x8000u ? 1 : len;
	}
	if (image)
		fwrite(image, LATHE_BLOCK_BYTES, blocks, stdout);
	free(image);
	free(in);
	return image ? 0 : fail("no memory");
}

/* ECMA-119 8.1: type 1, "CD001", version 1. */
static int last_start(const char *path)
{
	static const uint8_t head[7] = { 1, 'C', 'D', '0', '0', '1', 1 };
	size_t bytes = 0, i, start = 0;
	uint8_t *image = read_all(path, &bytes);

	if (!image)
		return fail("can not read the image");
	for (i = 16; i < bytes / LATHE_BLOCK_BYTES; i++)
		if (memcmp(image + i * LATHE_BLOCK_BYTES, head, 7) == 0)
			start = i - 16;
	printf("%lu\n", (unsigned long)start);
	free(image);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "-u") == 0)
		return unpack((size_t)atol(argv[2]), argv[3]);
	if (argc == 3 && strcmp(argv[1], "-s") == 0)
		return last_start(argv[2]);
	if (argc == 3)
		return pack(argv[1], argv[2]);
	return fail("FIRST-BYTES IMAGE, or -u SKIP INPUT");
}
