/* SPDX-License-Identifier: MIT */
/*
 * emu_mode.c - mode pages: error recovery 01h, write parameters 05h, caching
 * 08h, CD audio 0Eh, capabilities 2Ah. MMC-6 chapter 7.
 */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define PAGES_MAX 256u
#define SHORT_05 0x2eu	/* some drives leave the sub-header out */

enum { CURRENT, CHANGEABLE, DEFAULT, SAVED };

static const uint8_t page_01_default[12] = { 0x01, 10, 0x00, 5 };
static const uint8_t page_01_mask[12] = { 0x01, 10, 0xff, 0xff };
static const uint8_t page_08_default[12] = { 0x08, 10, 0x04 };
static const uint8_t page_08_mask[12] = { 0x08, 10, 0x05 };
static const uint8_t page_0e_default[16] = {
	0x0e, 14, 0x04, 0, 0, 0, 0, 75, 1, 0xff, 2, 0xff
};
static const uint8_t page_0e_mask[16] = {
	0x0e, 14, 0x02, 0, 0, 0, 0, 0, 0x0f, 0xff, 0x0f, 0xff
};
/* TAO, data track, mode 1 blocks, pause of two seconds. */
static const uint8_t page_05_default[52] = {
	0x05, 0x32, 0x01, 0x04, 0x08, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 150
};
static const uint8_t page_05_mask[52] = {
	0x05, 0x32, 0x7f, 0xff, 0x0f, 0xff, 0, 0x3f, 0xff, 0,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	0xff, 0xff, 0xff, 0xff
};

void lathep_emu_default_pages(struct lathe_emulator *e)
{
	memcpy(e->page_01, page_01_default, sizeof(e->page_01));
	memcpy(e->page_05, page_05_default, sizeof(e->page_05));
	memcpy(e->page_08, page_08_default, sizeof(e->page_08));
	memcpy(e->page_0e, page_0e_default, sizeof(e->page_0e));
	if (emu_quirk(e, EMU_Q_SHORT_PAGE_05))
		e->page_05[1] = SHORT_05;
	if (emu_quirk(e, EMU_Q_ODD_PAGE_05)) {
		/* A session format that is none, no pause before audio. */
		e->page_05[8] = 0x33;
		e->page_05[15] = 0;
	}
}

/* One page that can be set: where it is kept, its mask and default. */
struct page {
	uint8_t *now;
	const uint8_t *mask, *preset;
	uint32_t bytes;
};

static bool find_page(struct lathe_emulator *e, uint8_t code,
		      struct page *page)
{
	switch (code) {
	case 0x01:
		*page = (struct page){ e->page_01, page_01_mask,
				       page_01_default, sizeof(e->page_01) };
		return true;
	case 0x05:
		*page = (struct page){ e->page_05, page_05_mask,
				       page_05_default, sizeof(e->page_05) };
		if (emu_quirk(e, EMU_Q_SHORT_PAGE_05))
			page->bytes = SHORT_05 + 2u;
		return true;
	case 0x08:
		*page = (struct page){ e->page_08, page_08_mask,
				       page_08_default, sizeof(e->page_08) };
		return true;
	case 0x0e:
		*page = (struct page){ e->page_0e, page_0e_mask,
				       page_0e_default, sizeof(e->page_0e) };
		return true;
	default:
		return false;
	}
}

/* Fields of two bytes, whatever comes. */
static void put_kb(uint8_t *p, uint32_t kb)
{
	lathe_put_be16(p, (uint16_t)(kb < 0xffff ? kb : 0xffff));
}

/* Page 2Ah, MMC-3 5.5.10; the write speeds are those of the medium. */
static uint32_t capabilities(const struct lathe_emulator *e, uint8_t pc,
			     uint8_t *p)
{
	uint32_t speeds[EMU_SPEEDS_MAX];
	uint32_t n = lathep_emu_write_speeds(e, speeds), i;

	memset(p, 0, 32 + 4 * EMU_SPEEDS_MAX);
	p[0] = 0x2a;
	p[1] = (uint8_t)(30 + 4 * n);
	if (pc == CHANGEABLE)
		return 2u + p[1];
	p[2] = 0x3b;	/* reads DVD-RAM, DVD-R, DVD-ROM, CD-RW, CD-R */
	p[3] = 0x37;	/* writes DVD-RAM, DVD-R, CD-RW, CD-R, as a test */
	p[4] = 0xf0;	/* BUF, multi-session, mode 2 forms 2 and 1 */
	p[5] = 0x01;	/* READ CD reads audio */
	p[6] = (uint8_t)(0x29 | (e->prevented ? 0x02 : 0));
	put_kb(p + 8, lathep_emu_read_kb_max(e));
	put_kb(p + 12, e->buffer_blocks * 2);	/* KiB */
	put_kb(p + 14, e->read_kb);
	put_kb(p + 18, speeds[0]);
	put_kb(p + 20, e->write_kb);
	put_kb(p + 28, e->write_kb);
	lathe_put_be16(p + 30, (uint16_t)n);
	for (i = 0; i < n; i++)
		put_kb(p + 34 + 4 * i, emu_quirk(e, EMU_Q_ZERO_SPEEDS)
				       ? 0 : speeds[i]);
	return 2u + p[1];
}

/* Returns the bytes of page 'code', 0 if there is no such page. */
static uint32_t put_page(struct lathe_emulator *e, uint8_t code, uint8_t pc,
			 uint8_t *p)
{
	struct page page;

	if (code == 0x2a)
		return capabilities(e, pc, p);
	if (!find_page(e, code, &page))
		return 0;
	memcpy(p, pc == CHANGEABLE ? page.mask :
		  pc == DEFAULT ? page.preset : page.now, page.bytes);
	p[1] = (uint8_t)(page.bytes - 2);
	return page.bytes;
}

/* SPC-4 6.12. */
uint32_t lathep_emu_mode_sense(struct lathe_emulator *e, struct lathe_cmd *c)
{
	static const uint8_t all[] = { 0x01, 0x05, 0x08, 0x0e, 0x2a };
	uint8_t code = c->cdb[2] & 0x3f, pc = c->cdb[2] >> 6;
	uint8_t *p = e->scratch;
	uint32_t n = 8, start;
	size_t i;

	if (pc == SAVED)
		return EMU_NOT_SAVABLE;
	memset(p, 0, 16);
	if (emu_quirk(e, EMU_Q_BLOCK_DESCRIPTOR)) {
		p[7] = 8;
		lathe_put_be24(p + 13, LATHE_BLOCK_BYTES);
		n = 16;
	}
	start = n;
	if (code == 0x3f)
		for (i = 0; i < sizeof(all); i++)
			n += put_page(e, all[i], pc, p + n);
	else
		n += put_page(e, code, pc, p + n);
	if (n == start)
		return EMU_BAD_FIELD;
	lathe_put_be16(p, (uint16_t)(n - 2));
	return lathep_emu_reply(c, p, n, lathe_get_be16(c->cdb + 7));
}

/* Page 05h holds what this drive and kind of disc can do, MMC-6 7.5. */
static bool write_parameters_fit(const struct lathe_emulator *e,
				 const uint8_t *page)
{
	const struct emu_media *m =
		emu_has_disc(e) ? emu_disc(e)->media
				: lathep_emu_media(LATHE_EMULATOR_CD_R_80);

	if (!(m->write_types >> (page[2] & 0x0f) & 1))
		return false;
	if (!(m->block_types >> (page[4] & 0x0f) & 1))
		return false;
	if (page[3] >> 6 == 2)
		return false;	/* multi-session 10b is reserved */
	return page[8] == 0x00 || page[8] == 0x10 || page[8] == 0x20;
}

static uint32_t select_page(struct lathe_emulator *e, const uint8_t *from)
{
	struct page page;
	uint32_t i;

	if (!find_page(e, from[0] & 0x3f, &page) || from[1] + 2u != page.bytes)
		return EMU_BAD_PARAMETER;
	if ((from[0] & 0x3f) == 0x05 && !write_parameters_fit(e, from))
		return EMU_BAD_PARAMETER;
	/* A layout that nothing was written of goes with its write type. */
	if ((from[0] & 0x3f) == 0x05 && (from[2] & 0x0f) != 2 &&
	    e->cue_at == e->cue.start)
		e->cue.valid = false;
	for (i = 2; i < page.bytes; i++)
		page.now[i] = (uint8_t)((page.now[i] & ~page.mask[i]) |
					(from[i] & page.mask[i]));
	return EMU_GOOD;
}

/* SPC-4 6.10. */
uint32_t lathep_emu_mode_select(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t len = lathe_get_be16(c->cdb + 7), at, sense;

	if (c->cdb[1] & 1 || !(c->cdb[1] & 0x10))
		return EMU_BAD_FIELD;	/* SP, or no page format */
	if (!len)
		return EMU_GOOD;
	if (!c->to_drive || c->data_len < len || len < 8)
		return EMU_LIST_LENGTH;
	c->moved = len;
	at = 8u + lathe_get_be16(c->data + 6);
	if (at > 8) {
		/* A block descriptor may only say what is the case. */
		if (at != 16 || len < 16)
			return EMU_LIST_LENGTH;
		if (lathe_get_be24(c->data + 13) != LATHE_BLOCK_BYTES)
			return EMU_BAD_PARAMETER;
	}
	while (at < len) {
		if (len - at < 2 || len - at < c->data[at + 1] + 2u)
			return EMU_LIST_LENGTH;
		sense = select_page(e, c->data + at);
		if (sense)
			return sense;
		at += c->data[at + 1] + 2u;
	}
	return EMU_GOOD;
}
