/* SPDX-License-Identifier: MIT */
#include "lib_volume.h"

#include <check.h>
#include <string.h>

struct disc *disc;
struct dir root, joliet;
struct import import;

/* ---- entries, byte by byte ---------------------------------------------- */

const uint8_t SP[7] = { 'S', 'P', 7, 1, 0xBE, 0xEF, 0 };

uint8_t use[2048];
uint32_t used;

void put(const void *bytes, uint32_t len)
{
	memcpy(use + used, bytes, len);
	used += len;
}

static void put_both32(uint32_t v)
{
	uint8_t b[8] = { (uint8_t)v, (uint8_t)(v >> 8), (uint8_t)(v >> 16),
			 (uint8_t)(v >> 24), (uint8_t)(v >> 24),
			 (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v };

	put(b, 8);
}

void head(const char *signature, uint32_t len)
{
	uint8_t h[4] = { (uint8_t)signature[0], (uint8_t)signature[1],
			 (uint8_t)len, 1 };

	put(h, 4);
}

void px(uint32_t mode, uint32_t uid, uint32_t gid, uint32_t len)
{
	head("PX", len);
	put_both32(mode);
	put_both32(1);
	put_both32(uid);
	put_both32(gid);
	if (len == 44)
		put_both32(77);
}

void flagged(const char *signature, uint8_t flags, const void *bytes,
	     uint32_t len)
{
	head(signature, 5 + len);
	put(&flags, 1);
	put(bytes, len);
}

void nm(uint8_t flags, const char *text)
{
	flagged("NM", flags, text, (uint32_t)strlen(text));
}

void numbers(const char *signature, uint32_t a, uint32_t b)
{
	head(signature, 20);
	put_both32(a);
	put_both32(b);
}

void ce(uint32_t lba, uint32_t offset, uint32_t len)
{
	head("CE", 28);
	put_both32(lba);
	put_both32(offset);
	put_both32(len);
}

void attach(struct dir *dir, uint8_t *record)
{
	dir_use(dir, record, use, used);
	used = 0;
}

void area(uint32_t lba, uint32_t offset)
{
	ck_assert_uint_le(offset + used, 2048);
	memcpy(disc_block(disc, lba) + offset, use, used);
	used = 0;
}

/* ---- volumes ------------------------------------------------------------ */

void make_plain(void)
{
	disc = disc_new(END);
	disc_primary(disc, 16, ROOT, 4096);
	disc_terminator(disc, 17);
	root = dir_begin(disc, ROOT, 2, ROOT, 2, false);
	used = 0;
	memset(&import, 0, sizeof(import));
}

void make_rock_ridge(void)
{
	make_plain();
	put(SP, 7);
	begin_root();
}

void drop_volume(void)
{
	disc_free(disc);
}

void with_joliet(void)
{
	disc_joliet(disc, 17, JROOT, 4096);
	disc_terminator(disc, 18);
	joliet = dir_begin(disc, JROOT, 2, JROOT, 2, true);
}

void begin_root(void)
{
	uint8_t *self;

	root = (struct dir){ disc, ROOT, 2, 0, false };
	memset(disc_block(disc, ROOT), 0, 4096);
	self = dir_add_raw(&root, "\0", 1, ROOT, 4096, DIRECTORY);
	attach(&root, self);
	dir_add_raw(&root, "\1", 1, ROOT, 4096, DIRECTORY);
}

void file(void)
{
	attach(&root, dir_add(&root, "A.;1", DATA, 10, 0));
}

void bare(void)
{
	attach(&root, dir_add(&root, "A.;1", 0, 0, 0));
}
