/* SPDX-License-Identifier: MIT */
/* emu_structure.c - READ DISC STRUCTURE and SEND DISC STRUCTURE, MMC-6 6.22
 * and 6.36: what the lead-in says of a DVD or BD. */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

#define BORDER_IN 96u		/* blocks before the next session's data */
#define EXTRA_BORDER 0x02fe10u	/* sector of the lead-in: a border zone */
#define EXTRA_FORMAT 0x02ffa0u	/* and the format information in that */
#define DL_LAYER_0 2086912u	/* DVD+R DL: blocks of layer 0, as sold */

static const char maker[8] = "LATHE";

/* ---- DVD ---------------------------------------------------------------- */

/* Book type and part version: ECMA-338, -349, -330, -337 and the like. */
static uint8_t book_type(const struct emu_disc *disc)
{
	switch (disc->media->profile) {
	case 0x0011:
		return 0x25;
	case 0x0012:
		return 0x16;
	case 0x0014:
		return 0x33;
	case 0x0015:
		return 0x26;
	case 0x001a:
		return 0x92;
	case 0x001b:
		return 0xa1;
	default:
		return 0xe1;	/* DVD+R DL */
	}
}

/* Blocks of layer 0. */
static uint32_t layer_0(const struct emu_disc *disc)
{
	uint32_t half = disc->limit / 2;

	if (disc->layer_break)
		return disc->layer_break;
	return half < DL_LAYER_0 ? half - half % 16 : DL_LAYER_0;
}

static uint32_t put_physical(const struct emu_disc *disc, uint8_t *p)
{
	bool two = disc->media->layers == 2;

	p[0] = book_type(disc);
	p[1] = 0x0f;		/* 120 mm, no rate given */
	/* One or two layers, opposite track path, recordable or rewritable. */
	p[2] = (uint8_t)((two ? 0x30 : 0) |
			 (disc->media->erasable ? 0x04 : 0x02));
	lathe_put_be32(p + 4, EMU_FIRST_PSN);
	lathe_put_be32(p + 8, EMU_FIRST_PSN + disc->limit - 1);
	if (two)
		lathe_put_be32(p + 12, EMU_FIRST_PSN + layer_0(disc) - 1);
	return 2048;
}

/* 10h: physical format information of the lead-in, made with the disc: it
 * names no border but the extra one. INF-8090i table 22, as others cite it;
 * seen in recorders' logs of blank DVD-R. */
static uint32_t lead_in(const struct emu_disc *disc, uint8_t *p)
{
	lathe_put_be32(p + 32, EXTRA_BORDER);
	lathe_put_be32(p + 36, EXTRA_FORMAT);
	return put_physical(disc, p);
}

/*
 * The newest complete session: the end of its data, its border-out and the
 * border-in behind it. INF-8090i table 21, as others cite it; a final disc was
 * seen to keep them. Nothing was seen of one written at once, or of the end in
 * two layers, where sectors of layer 1 count otherwise.
 */
static void put_border(const struct emu_disc *disc, uint8_t *p)
{
	const struct emu_session *session = &disc->session[disc->sessions - 1];
	bool two = disc->media->layers == 2;
	uint32_t next;

	if (!two)
		lathe_put_be32(p + 8, session->lead_out - 1 + EMU_FIRST_PSN);
	if (disc->final &&
	    (two || disc->track[session->first - 1].type == EMU_TRACK_SESSION))
		return;
	next = session->last < disc->tracks ? disc->track[session->last].start
					    : lathep_emu_next_start(disc);
	lathe_put_be32(p + 32, session->lead_out + EMU_DVD_R_LINK +
			       EMU_FIRST_PSN);
	lathe_put_be32(p + 36, next - BORDER_IN + EMU_FIRST_PSN);
}

/* 00h: that of the newest border of a DVD-R or -RW; without one, some drives
 * were seen to give the lead-in's. */
static uint32_t physical(const struct emu_disc *disc, uint8_t *p)
{
	if (lathep_emu_way(disc) != EMU_WAY_DVD_R)
		return put_physical(disc, p);
	if (!disc->sessions)
		return lead_in(disc, p);
	put_physical(disc, p);
	put_border(disc, p);
	return 2048;
}

/* A field of the pre-recorded lead-in: 8 bytes, led by their number. */
static void put_field(uint8_t *p, uint8_t number, const char text[6])
{
	p += 8 * (number - 1u);
	p[0] = number;
	memcpy(p + 1, text, 6);
}

/* 0Eh: pre-recorded information of DVD-R and -RW, ECMA-359 and others:
 * physical code and last address, power, maker twice. */
static uint32_t pre_recorded(const struct emu_disc *disc, uint8_t *p)
{
	put_field(p, 1, "\x40\x41\0\0\0");
	lathe_put_be24(p + 3, EMU_FIRST_PSN + disc->limit - 1);
	put_field(p, 2, "\x10\x52\0\0\0");
	put_field(p, 3, "LATHE ");
	put_field(p, 4, disc->media->erasable ? "RW0001" : "R00001");
	p[32] = 5;
	return 64;
}

/* 11h: ADIP of DVD+R and +RW; begins like the physical format information. */
static uint32_t adip(const struct emu_disc *disc, uint8_t *p)
{
	physical(disc, p);
	memset(p + 16, 0, 32);
	memcpy(p + 19, maker, 8);
	memcpy(p + 27, disc->media->erasable ? "W01" : "R01", 3);
	return 256;
}

/* 20h: where layer 0 ends; set by the host, or by what the disc is. */
static uint32_t layer_boundary(const struct emu_disc *disc, uint8_t *p)
{
	p[0] = disc->layer_break ? 0x80 : 0;
	lathe_put_be32(p + 4, layer_0(disc));
	return 8;
}

/* ---- BD ----------------------------------------------------------------- */

/* 00h: disc information, one unit. */
static uint32_t bd_information(const struct emu_disc *disc, uint8_t *p)
{
	bool re = disc->media->profile == 0x0043;

	memcpy(p, "DI", 2);
	p[2] = 1;		/* format */
	p[3] = 1;		/* units in all */
	p[6] = 112;		/* bytes of this one */
	memcpy(p + 8, re ? "BDW" : "BDR", 3);
	p[12] = (uint8_t)(disc->media->layers << 4 | (re ? 4 : 2));
	memcpy(p + 100, maker, 6);
	memcpy(p + 106, re ? "W01" : "R01", 3);
	return 4096;
}

/* 0Ah: spare blocks, free and in all. */
static uint32_t bd_spares(const struct emu_disc *disc, uint8_t *p)
{
	lathe_put_be32(p, disc->spares);
	lathe_put_be32(p + 4, disc->spares);
	return 8;
}

/* ---- READ DISC STRUCTURE ------------------------------------------------ */

#define DVD_MINUS 0x01u
#define DVD_PLUS 0x02u
#define DVD_RAM 0x04u
#define PLUS_DL 0x08u
#define BD 0x10u

static uint8_t class_of(const struct emu_disc *disc)
{
	switch (disc->media->profile) {
	case 0x0011:
	case 0x0014:
	case 0x0015:
		return DVD_MINUS;
	case 0x0012:
		return DVD_RAM;
	case 0x001a:
	case 0x001b:
		return DVD_PLUS;
	case 0x002b:
		return DVD_PLUS | PLUS_DL;
	case 0x0041:
	case 0x0043:
		return BD;
	default:
		return 0;
	}
}

static const struct structure {
	uint8_t format;
	uint8_t with;
	uint8_t access;		/* 80h can be sent, 40h can be read */
	uint16_t bytes;		/* in the list of them, MMC-6 table 440 */
	uint32_t (*put)(const struct emu_disc *disc, uint8_t *p);
} structures[] = {
	{ 0x00, DVD_MINUS | DVD_PLUS | DVD_RAM, 0x40, 2048, physical },
	{ 0x00, BD, 0x40, 4096, bd_information },
	{ 0x0a, BD, 0x40, 8, bd_spares },
	{ 0x0e, DVD_MINUS, 0x40, 64, pre_recorded },
	{ 0x10, DVD_MINUS, 0x40, 2048, lead_in },
	{ 0x11, DVD_PLUS, 0x40, 256, adip },
	{ 0x20, PLUS_DL, 0xc0, 8, layer_boundary }
};

#define STRUCTURES (sizeof(structures) / sizeof(structures[0]))

/* FFh: formats, what can be done with them, their lengths. */
static uint32_t list(const struct emu_disc *disc, uint8_t *p)
{
	uint32_t n = 0;
	size_t i;

	for (i = 0; i < STRUCTURES; i++) {
		if (!(structures[i].with & class_of(disc)))
			continue;
		p[n] = structures[i].format;
		p[n + 1] = structures[i].access;
		lathe_put_be16(p + n + 2, structures[i].bytes);
		n += 4;
	}
	return n;
}

/* Bytes of the structure at 'p', 0 if the disc has no such one. */
static uint32_t put_structure(const struct lathe_emulator *e, uint8_t format,
			      uint8_t *p)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t bytes;
	size_t i;

	if (format == 0xff)
		return class_of(disc) == DVD_MINUS ? 0 : list(disc, p);
	if (format == 0x11 && emu_quirk(e, EMU_Q_NO_ADIP))
		return 0;
	for (i = 0; i < STRUCTURES; i++) {
		if (structures[i].format != format ||
		    !(structures[i].with & class_of(disc)))
			continue;
		bytes = structures[i].put(disc, p);
		return format == 0x0e && emu_quirk(e, EMU_Q_SHORT_0E)
		       ? 4 : bytes;
	}
	return 0;
}

uint32_t lathep_emu_disc_structure(struct lathe_emulator *e,
				   struct lathe_cmd *c)
{
	const struct emu_disc *disc = emu_disc(e);
	uint8_t *p = e->scratch;
	uint32_t bytes;

	/* Media type 0 is DVD, 1 is BD. */
	if ((c->cdb[1] & 0x0f) != (class_of(disc) == BD) ||
	    c->cdb[6] >= disc->media->layers)
		return EMU_BAD_FIELD;
	memset(p, 0, 4 + 4096);
	bytes = put_structure(e, c->cdb[7], p + 4);
	if (!bytes)
		return EMU_BAD_FIELD;
	lathe_put_be16(p, (uint16_t)(bytes + 2));
	return lathep_emu_reply(c, p, bytes + 4, lathe_get_be16(c->cdb + 8));
}

/* ---- SEND DISC STRUCTURE ------------------------------------------------ */

/* Layer 1 runs back under layer 0: it can not be longer, and the disc then
 * holds twice what layer 0 does. */
static uint32_t set_layer_break(struct lathe_emulator *e, uint32_t blocks)
{
	struct emu_disc *disc = emu_disc(e);

	if (disc->tracks || disc->layer_break)
		return EMU_SEQUENCE;
	if (!blocks || blocks % 16 || blocks > layer_0(disc))
		return EMU_BAD_PARAMETER;
	disc->layer_break = blocks;
	if (!emu_quirk(e, EMU_Q_BREAK_KEEPS_SIZE))
		disc->limit = 2 * blocks;
	return lathep_emu_save(e->store) ? EMU_INTERNAL : EMU_GOOD;
}

/* A header of four bytes, then the structure. */
uint32_t lathep_emu_send_structure(struct lathe_emulator *e,
				   struct lathe_cmd *c)
{
	uint32_t len = lathe_get_be16(c->cdb + 8);

	if (c->cdb[7] != 0x20 || !(class_of(emu_disc(e)) & PLUS_DL))
		return EMU_BAD_FIELD;
	if (len != 12 || !c->to_drive || c->data_len < len)
		return EMU_LIST_LENGTH;
	c->moved = len;
	if (lathe_get_be16(c->data) != 10)
		return EMU_BAD_PARAMETER;
	return set_layer_break(e, lathe_get_be32(c->data + 8));
}
