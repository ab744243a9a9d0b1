/* SPDX-License-Identifier: MIT */
/* emu_read.c - READ and VERIFY, and what each block of the disc reads as;
 * MMC-6 6.15, 6.16, 6.44. */
#include <string.h>

#include "mmc/emulator/emu_commands.h"

bool lathep_emu_cdb_range(const uint8_t *cdb, uint32_t *lba, uint32_t *count)
{
	*lba = lathe_get_be32(cdb + 2);
	switch (cdb[0]) {
	case 0x28:
	case 0x2a:
	case 0x2e:
	case 0x2f:
		*count = lathe_get_be16(cdb + 7);
		return true;
	case 0xa8:
	case 0xaa:
		*count = lathe_get_be32(cdb + 6);
		return true;
	case 0xbe:
		*count = lathe_get_be24(cdb + 6);
		return true;
	default:
		*count = 0;
		return false;
	}
}

/* What a block that holds no data answers. */
static uint32_t refusal(const struct lathe_emulator *e, enum emu_area area,
			uint32_t lba)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t last = disc->tracks ? disc->track[disc->tracks - 1].start : 0;

	switch (area) {
	case EMU_AREA_DAMAGED:
		return EMU_UNREADABLE;
	case EMU_AREA_RUN_OUT:
		return emu_quirk(e, EMU_Q_RUN_OUT_READABLE) ? EMU_GOOD
							    : EMU_ILLEGAL_MODE;
	case EMU_AREA_GAP:
		if (lba >= lathep_emu_capacity(disc) && lba > last)
			return EMU_BAD_ADDRESS;
		return emu_quirk(e, EMU_Q_GAP_UNRECORDED) ? EMU_NOT_RECORDED
							  : EMU_ILLEGAL_MODE;
	case EMU_AREA_OPEN:
		return emu_quirk(e, EMU_Q_UNRECORDED_ZEROS) ? EMU_GOOD
							    : EMU_NOT_RECORDED;
	case EMU_AREA_FORMATTED:
		return EMU_GOOD;	/* zeros */
	default:
		return EMU_BAD_ADDRESS;
	}
}

/* The blocks of one area are those of one track. */
static bool is_audio(const struct emu_disc *disc, uint32_t lba)
{
	uint32_t i = disc->tracks;

	if (lathep_emu_random(disc))
		return false;
	while (i > 0 && lba < disc->track[i - 1].start)
		i--;
	return i > 0 && !disc->track[i - 1].mode;
}

/* Blocks from 'lba' on that answer alike: how many, and what. */
static uint32_t readable(const struct lathe_emulator *e, uint32_t lba,
			 uint32_t count, uint32_t *n, bool *data)
{
	uint32_t end;
	enum emu_area area = lathep_emu_area(emu_disc(e), lba, &end);

	*n = end - lba < count ? end - lba : count;
	*data = area == EMU_AREA_DATA;
	if (*data && is_audio(emu_disc(e), lba))
		return EMU_ILLEGAL_MODE;
	return *data ? EMU_GOOD : refusal(e, area, lba);
}

static uint32_t bad_block(struct lathe_emulator *e, uint32_t sense,
			  uint32_t lba)
{
	e->info = lba;
	e->has_info = true;
	return sense;
}

/* Seek, rotation and transfer; see also the rules' table. What waits to be
 * written at random gets onto the medium first. */
void lathep_emu_read_time(struct lathe_emulator *e, uint32_t count)
{
	if (e->pending)
		lathep_emu_advance(e, emu_disc(e)->buffered *
				   lathep_emu_block_us(e));
	lathep_emu_advance(e, 1000u + lathep_emu_read_us(e, count));
}

uint32_t lathep_emu_read_blocks(struct lathe_emulator *e, uint32_t lba,
				uint32_t count, uint8_t *out, uint32_t *done)
{
	uint32_t sense, n;
	bool data;

	*done = 0;
	while (*done < count) {
		sense = readable(e, lba + *done, count - *done, &n, &data);
		if (sense)
			return bad_block(e, sense, lba + *done);
		if (out && data &&
		    e->store->ops->read(e->store, lba + *done, n, out))
			return bad_block(e, EMU_UNREADABLE, lba + *done);
		if (out && !data)
			memset(out, 0, (size_t)n * LATHE_BLOCK_BYTES);
		if (out)
			out += (size_t)n * LATHE_BLOCK_BYTES;
		*done += n;
	}
	return EMU_GOOD;
}

uint32_t lathep_emu_read(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t room = c->data_len / LATHE_BLOCK_BYTES;
	uint32_t lba, count, done, sense;

	lathep_emu_cdb_range(c->cdb, &lba, &count);
	if (c->to_drive)
		return EMU_BAD_FIELD;
	lathep_emu_read_time(e, count);
	sense = lathep_emu_read_blocks(e, lba, count < room ? count : room,
				       c->data, &done);
	c->moved = done * LATHE_BLOCK_BYTES;
	if (e->corrupt && c->moved)
		c->data[c->moved / 2] ^= 0x10;
	return sense;
}

uint32_t lathep_emu_verify(struct lathe_emulator *e, struct lathe_cmd *c)
{
	uint32_t lba, count, done;

	lathep_emu_cdb_range(c->cdb, &lba, &count);
	if (c->cdb[1] & 2)
		return EMU_BAD_FIELD;	/* BYTCHK */
	lathep_emu_read_time(e, count);
	return lathep_emu_read_blocks(e, lba, count, NULL, &done);
}

/* WRITE AND VERIFY, MMC-6 6.46: of media that are written at random, and of
 * BD-R. The buffer is emptied, then all is read. */
uint32_t lathep_emu_write_verify(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t lba, count, done, sense;

	if (!lathep_emu_random(disc) && disc->media->profile != 0x0041)
		return EMU_INCOMPATIBLE;
	sense = lathep_emu_write(e, c);
	if (sense)
		return sense;
	lathep_emu_cdb_range(c->cdb, &lba, &count);
	lathep_emu_advance(e, disc->buffered * lathep_emu_block_us(e));
	lathep_emu_read_time(e, count);
	return lathep_emu_read_blocks(e, lba, count, NULL, &done);
}
