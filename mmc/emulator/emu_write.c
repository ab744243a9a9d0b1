/* SPDX-License-Identifier: MIT */
/*
 * emu_write.c - WRITE on media that are written in sequence: which track it
 * goes to, whether it may, and the blocks. MMC-6 6.45.
 *
 * Blocks go into the store when they are acknowledged; 'buffered' says how
 * many of them are not on the medium yet. On media that are written in
 * sequence this is as good as a buffer of our own, and costs no copy.
 */
#include <string.h>

#include "mmc/emulator/emu_recording.h"

#define SPIN_UP_US 1500000u	/* hidden calibration before a track */
#define BD_FIRST_US 5000000u	/* a blank BD-R gets its structures first */

enum { PAGE_INCREMENTAL, PAGE_AT_ONCE, PAGE_SESSION };

static uint8_t page_type(const struct lathe_emulator *e)
{
	return e->page_05[2] & 0x0f;
}

/* Page 05h means something on CD and DVD-R only. */
bool lathep_emu_test_writing(const struct lathe_emulator *e)
{
	return e->page_05[2] & 0x10 &&
	       lathep_emu_way(emu_disc(e)) <= EMU_WAY_DVD_R;
}

uint8_t lathep_emu_page_mode(const struct lathe_emulator *e)
{
	return (e->page_05[4] & 0x0f) == 10 ? 2 : 1;
}

/* How a track that begins now is written. */
enum emu_track_type lathep_emu_page_track(const struct lathe_emulator *e)
{
	switch (lathep_emu_way(emu_disc(e))) {
	case EMU_WAY_CD:
		return EMU_TRACK_AT_ONCE;
	case EMU_WAY_DVD_R:
		return page_type(e) == PAGE_SESSION ? EMU_TRACK_SESSION
						    : EMU_TRACK_PACKET;
	default:
		return EMU_TRACK_PACKET;
	}
}

/* Blocks that a track may hold, from its start on. */
static uint32_t room_from(const struct lathe_emulator *e, uint32_t start,
			  uint32_t reserved)
{
	const struct emu_disc *disc = emu_disc(e);
	uint32_t limit = disc->limit;

	if (emu_quirk(e, EMU_Q_RUN_OUT_COUNTS))
		limit -= limit < disc->media->run_out
				 ? limit : disc->media->run_out;
	if (reserved)
		return reserved;
	return limit > start ? limit - start : 0;
}

/* ---- the track that a WRITE goes to ------------------------------------- */

/* A track in use, or a new one (number tracks + 1). */
struct target {
	uint32_t number;
	uint32_t start, blocks, reserved;
};

static void target_of(struct emu_disc *disc, uint32_t number,
		      struct target *out)
{
	const struct emu_track *t = lathep_emu_track(disc, number);

	out->number = number;
	out->start = t->start;
	out->blocks = t->blocks;
	out->reserved = t->reserved;
}

/* An incomplete track that waits for 'lba'; a full one waits for nothing. */
static bool find_waiting(struct emu_disc *disc, uint32_t lba,
			 struct target *out)
{
	uint32_t i;

	for (i = lathep_emu_complete_tracks(disc) + 1; i <= disc->tracks;
	     i++) {
		if (lathep_emu_track(disc, i)->state == EMU_TRACK_COMPLETE)
			continue;
		target_of(disc, i, out);
		if (out->start + out->blocks == lba &&
		    (!out->reserved || out->blocks < out->reserved))
			return true;
	}
	return false;
}

static uint32_t new_target(struct lathe_emulator *e, struct target *out)
{
	struct emu_disc *disc = emu_disc(e);

	out->number = disc->tracks + 1;
	out->start = lathep_emu_next_start(disc);
	out->blocks = 0;
	out->reserved = 0;
	if (e->test_open) {
		out->start = e->test_start;
		out->blocks = e->test_blocks;
	}
	if (e->test_reserved)
		out->reserved = e->test_reserved;
	if (out->number > disc->media->max_tracks ||
	    disc->sessions >= disc->media->max_sessions)
		return EMU_END_OF_AREA;
	if (lathep_emu_way(disc) == EMU_WAY_DVD_PLUS_R &&
	    out->number > lathep_emu_complete_tracks(disc) +
			  disc->media->max_reserved)
		return EMU_NO_RESERVATION;
	return EMU_GOOD;
}

static bool can_not_go_on(const struct lathe_emulator *e, uint32_t number)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_track *t;

	if (number > disc->tracks)
		return false;
	t = &disc->track[number - 1];
	return t->lost || (t->damaged && emu_quirk(e, EMU_Q_NO_RESUME));
}

/* What a WRITE meets on a disc that takes no more sessions. */
uint32_t lathep_emu_final_sense(const struct lathe_emulator *e)
{
	return emu_quirk(e, EMU_Q_FINAL_IS_FULL) ? EMU_END_OF_AREA
						 : EMU_CANNOT_WRITE;
}

static uint32_t find_target(struct lathe_emulator *e, uint32_t lba,
			    struct target *out)
{
	struct emu_disc *disc = emu_disc(e);
	bool only_open = lathep_emu_way(disc) == EMU_WAY_CD;

	if (disc->final)
		return lathep_emu_final_sense(e);
	if (disc->open && only_open)
		target_of(disc, disc->open, out);
	else if (e->test_open)
		return new_target(e, out);
	else if (find_waiting(disc, lba, out))
		;
	else if (lathep_emu_invisible(disc))
		target_of(disc, lathep_emu_invisible(disc), out);
	else
		return new_target(e, out);
	return can_not_go_on(e, out->number) ? EMU_BAD_WRITE_ADDRESS
					     : EMU_GOOD;
}

/* ---- whether it may ----------------------------------------------------- */

static uint32_t check_cd_page(const struct lathe_emulator *e,
			      const struct target *t)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_track *track = &disc->track[t->number - 1];

	/* The page may ask for audio, as programs do that only want to close
	 * a session; it is not recorded here. */
	if ((e->page_05[4] & 0x0f) == 0 || !(e->page_05[3] & 0x04))
		return EMU_ILLEGAL_MODE;
	if (t->number <= disc->tracks && t->blocks &&
	    (track->mode != lathep_emu_page_mode(e) ||
	     track->format != e->page_05[8]))
		return EMU_ILLEGAL_MODE;
	return EMU_GOOD;
}

/* The link size is one that feature 0021h lists, if the page has one. */
static bool link_fits(const struct lathe_emulator *e)
{
	return !(e->page_05[2] & 0x20) ||
	       e->page_05[5] == (emu_quirk(e, EMU_Q_LINK_SIZE) ? 7 : 16);
}

/* Incremental writing, in packets of one ECC block where the page says that
 * they are of fixed size; or the one session of a disc at once, which takes
 * an exact reservation. */
static uint32_t check_dvd_page(const struct lathe_emulator *e,
			       const struct target *t, uint32_t count)
{
	const struct emu_disc *disc = emu_disc(e);
	const struct emu_track *track = &disc->track[t->number - 1];

	if (t->number <= disc->tracks && t->blocks &&
	    track->type != lathep_emu_page_track(e))
		return EMU_ILLEGAL_MODE;
	switch (page_type(e)) {
	case PAGE_INCREMENTAL:
		if (disc->minimal || !link_fits(e))
			return EMU_ILLEGAL_MODE;
		if (!(e->page_05[3] & 0x20))
			return EMU_GOOD;
		return lathe_get_be32(e->page_05 + 10) != 16 || count % 16
		       ? EMU_BAD_PACKET : EMU_GOOD;
	case PAGE_SESSION:
		if (disc->sessions || t->number != 1)
			return EMU_ILLEGAL_MODE;
		return t->reserved ? EMU_GOOD : EMU_SEQUENCE;
	default:
		return EMU_ILLEGAL_MODE;
	}
}

static uint32_t check_page(const struct lathe_emulator *e,
			   const struct target *t, uint32_t count)
{
	switch (lathep_emu_way(emu_disc(e))) {
	case EMU_WAY_CD:
		return check_cd_page(e, t);
	case EMU_WAY_DVD_R:
		return check_dvd_page(e, t, count);
	default:
		return emu_quirk(e, EMU_Q_WHOLE_ECC) &&
		       count % emu_disc(e)->media->ecc_blocks
		       ? EMU_UNALIGNED : EMU_GOOD;
	}
}

/* Address, capacity and mode of a WRITE; MMC-6 6.45, tables of chapter 7.5 */
static uint32_t check_write(struct lathe_emulator *e, uint32_t lba,
			    uint32_t count, const struct target *t)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t room = room_from(e, t->start, t->reserved);

	if (lba >= disc->limit && lba < 0xffff0000u &&
	    lba != t->start + t->blocks)
		return EMU_BAD_ADDRESS;
	if (lba != t->start + t->blocks)
		return EMU_BAD_WRITE_ADDRESS;
	if (count > room || t->blocks > room - count)
		return EMU_END_OF_AREA;
	if (!t->blocks && room < disc->media->min_track &&
	    !emu_quirk(e, EMU_Q_SHORT_TRACK))
		return EMU_END_OF_AREA;
	if (e->test_open != lathep_emu_test_writing(e) && t->blocks)
		return EMU_ILLEGAL_MODE;
	return check_page(e, t, count);
}

/* ---- the blocks --------------------------------------------------------- */

void lathep_emu_new_track(struct lathe_emulator *e, uint32_t start,
			  uint32_t reserved)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, ++disc->tracks);

	memset(track, 0, sizeof(*track));
	track->start = start;
	track->reserved = reserved;
	track->session = (uint16_t)(disc->sessions + 1);
	track->state = EMU_TRACK_RESERVED;
	track->type = (uint8_t)lathep_emu_page_track(e);
	track->mode = 1;
	if (lathep_emu_way(disc) == EMU_WAY_CD) {
		track->mode = lathep_emu_page_mode(e);
		track->format = e->page_05[8];
	}
}

static void begin_track(struct lathe_emulator *e, const struct target *t)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track;

	lathep_emu_advance(e, SPIN_UP_US);
	if (lathep_emu_test_writing(e)) {
		e->test_open = true;
		e->test_start = t->start;
		e->test_blocks = 0;
		return;
	}
	if (lathep_emu_way(disc) == EMU_WAY_BD_R && !disc->formatted) {
		lathep_emu_advance(e, BD_FIRST_US);
		disc->formatted = disc->limit;
	}
	lathep_emu_suspend_track(e);
	if (t->number > disc->tracks)
		lathep_emu_new_track(e, t->start, 0);
	track = lathep_emu_track(disc, t->number);
	track->state = EMU_TRACK_OPEN;
	if (!t->blocks && lathep_emu_way(disc) == EMU_WAY_CD) {
		track->mode = lathep_emu_page_mode(e);
		track->format = e->page_05[8];
	}
	if (!t->blocks)
		track->type = (uint8_t)lathep_emu_page_track(e);
	disc->open = t->number;
	e->underrun = false;
}

/* Wait for room in the buffer, or say that there is none. */
uint32_t lathep_emu_make_room(struct lathe_emulator *e, uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t over;

	if (disc->buffered + count <= e->buffer_blocks || !disc->buffered)
		return EMU_GOOD;
	if (!emu_quirk(e, EMU_Q_BLOCKING_WRITES) && !lathep_emu_random(disc))
		return EMU_LONG_WRITE;
	over = disc->buffered + count - e->buffer_blocks;
	lathep_emu_advance(e, over * lathep_emu_block_us(e));
	return EMU_GOOD;
}

uint32_t lathep_emu_store_blocks(struct lathe_emulator *e, uint32_t lba,
				 uint32_t count, const uint8_t *data)
{
	if (e->store->ops->write(e->store, lba, count, data))
		return EMU_INTERNAL;
	if (e->corrupt) {
		uint8_t block[LATHE_BLOCK_BYTES];

		memcpy(block, data, sizeof(block));
		block[LATHE_BLOCK_BYTES / 2] ^= 0x10;
		if (e->store->ops->write(e->store, lba, 1, block))
			return EMU_INTERNAL;
	}
	return EMU_GOOD;
}

static uint32_t put_blocks(struct lathe_emulator *e, struct lathe_cmd *c,
			   uint32_t lba, uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	struct emu_track *track = lathep_emu_track(disc, disc->open);

	if (lathep_emu_store_blocks(e, lba, count, c->data))
		return EMU_INTERNAL;
	track->blocks += count;
	disc->buffered += count;
	e->unsynced = true;
	if (lathep_emu_mark(e->store))
		return EMU_INTERNAL;
	return EMU_GOOD;
}

static uint32_t write_in_sequence(struct lathe_emulator *e,
				  struct lathe_cmd *c, uint32_t lba,
				  uint32_t count)
{
	struct emu_disc *disc = emu_disc(e);
	struct target t = { 0, 0, 0, 0 };
	uint32_t sense = find_target(e, lba, &t);
	bool fresh;

	if (sense)
		return sense;
	/* A drive that counts from the pre-gap wants the first block there. */
	if (lba == 0xffffff6au && !t.start && emu_quirk(e, EMU_Q_NWA_150))
		lba = 0;
	sense = check_write(e, lba, count, &t);
	if (sense)
		return sense;
	fresh = disc->open != t.number && !e->test_open;
	if (fresh)
		begin_track(e, &t);
	sense = lathep_emu_make_room(e, count);
	if (sense)
		return sense;
	lathep_emu_advance(e, (uint64_t)count * EMU_BUS_BLOCK_US);
	c->moved = count * LATHE_BLOCK_BYTES;
	if (e->test_open) {
		e->test_blocks += count;
		return EMU_GOOD;
	}
	sense = put_blocks(e, c, lba, count);
	if (!sense && fresh && lathep_emu_save(e->store))
		sense = EMU_INTERNAL;
	return sense;
}

/* WRITE(12) may ask for a stream. A drive was seen that spoils one whose
 * pieces are no whole ECC blocks. */
static void begin_stream(struct lathe_emulator *e, const uint8_t *cdb,
			 uint32_t lba, uint32_t count)
{
	uint32_t ecc = emu_disc(e)->media->ecc_blocks;

	e->streaming = cdb[0] == 0xaa && cdb[10] & 0x80;
	if (e->streaming && emu_quirk(e, EMU_Q_STREAMING_JUNK) &&
	    (lba % ecc || count % ecc))
		e->corrupt = true;
}

uint32_t lathep_emu_write(struct lathe_emulator *e, struct lathe_cmd *c)
{
	struct emu_disc *disc = emu_disc(e);
	uint32_t lba, count, nwa;

	lathep_emu_cdb_range(c->cdb, &lba, &count);
	if (!count)
		return EMU_GOOD;
	if (!c->to_drive || c->data_len / LATHE_BLOCK_BYTES < count)
		return EMU_BAD_FIELD;
	if (e->underrun && disc->open)
		return EMU_BAD_WRITE_ADDRESS;
	if (c->cdb[0] == 0xaa && c->cdb[10] & 0x80 && !lathep_emu_streams(e))
		return EMU_BAD_FIELD;
	begin_stream(e, c->cdb, lba, count);
	if (lathep_emu_random(disc))
		return lathep_emu_overwrite(e, c, lba, count);
	if (disc->pow && lathep_emu_next_writable(disc, &nwa) && lba < nwa)
		return lathep_emu_replace(e, c, lba, count);
	if (lathep_emu_way(disc) == EMU_WAY_CD &&
	    page_type(e) == PAGE_SESSION)
		return lathep_emu_write_session(e, c, lba, count);
	return write_in_sequence(e, c, lba, count);
}

/*
 * A write error, for the host model's faults. Reported at once, it damages
 * the ECC block that the command begins with, which then counts as used, or
 * nothing where the drive has not begun yet; reported late, the last one that
 * was acknowledged. What came before is safe.
 */
void lathep_emu_write_error(struct lathe_emulator *e, struct lathe_cmd *c,
			    bool late)
{
	struct emu_disc *disc = emu_disc(e);
	struct target t;
	uint32_t lba, count;
	bool writing = c->cdb[0] == 0x2a || c->cdb[0] == 0xaa ||
		       c->cdb[0] == 0x2e;

	if (writing && !late && emu_quirk(e, EMU_Q_CLEAN_ERROR))
		return;
	if (lathep_emu_random(disc)) {
		lathep_emu_overwrite_error(e, c, writing && !late);
		return;
	}
	if (writing && !late && !lathep_emu_test_writing(e)) {
		lathep_emu_cdb_range(c->cdb, &lba, &count);
		if (!e->cue.valid) {
			if (!count || find_target(e, lba, &t) ||
			    check_write(e, lba, count, &t))
				return;
			if (disc->open != t.number)
				begin_track(e, &t);
		}
		if (disc->open)
			disc->track[disc->open - 1].blocks++;
	}
	if (disc->open)
		lathep_emu_spoil_track(e);
}
