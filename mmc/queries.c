/* SPDX-License-Identifier: MIT */
/*
 * queries.c - commands that ask and parsers of their answers, put together.
 * Where an answer tells its own length, the fixed header is asked for first
 * and then exactly what it announces: old drives send garbage, stall or
 * overrun when they are asked for more than they have.
 */
#include "mmc/mmc_strategy.h"

int lathep_mmc_ask(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		   int cdb_len, unsigned flags, uint8_t *data, size_t len,
		   size_t *moved)
{
	int err;

	lathep_mmc_request(rq, cdb_len, flags | LATHEP_MMC_REPEATABLE);
	rq->cmd.data = data;
	rq->cmd.data_len = (uint32_t)len;
	err = lathep_mmc_run(mmc, rq);
	if (err == 0)
		*moved = rq->cmd.moved;
	return err;
}

int lathep_mmc_cut_answer(struct lathe_mmc *mmc,
			  const struct lathep_mmc_request *rq)
{
	return lathep_mmc_fail_request(mmc, rq, LATHE_ERR_CORRUPT,
				       "the answer is cut short or damaged");
}

bool lathep_mmc_unknown(const struct lathe_mmc *mmc, int err)
{
	const struct lathe_failure *f = &mmc->failure;

	/* Some firmware says 2/24/00: the code counts, not the key. */
	return err == LATHE_ERR_SENSE && !f->deferred &&
	       (f->key == LATHE_MMC_KEY_ILLEGAL_REQUEST || f->asc == 0x20 ||
		f->asc == 0x24);
}

int lathep_mmc_unless_unknown(const struct lathe_mmc *mmc, int err)
{
	return lathep_mmc_unknown(mmc, err) ? 0 : err;
}

bool lathep_mmc_optional(const struct lathe_mmc *mmc, int err)
{
	return lathep_mmc_unknown(mmc, err) || err == LATHE_ERR_CORRUPT ||
	       err == LATHE_ERR_NO_MEDIUM;
}

int lathep_mmc_command(struct lathe_mmc *mmc, const uint8_t *cdb, int len,
		       unsigned flags)
{
	struct lathep_mmc_request rq;

	memcpy(rq.cmd.cdb, cdb, (size_t)len);
	lathep_mmc_request(&rq, len, flags);
	return lathep_mmc_run(mmc, &rq);
}

int lathep_mmc_send(struct lathe_mmc *mmc, struct lathep_mmc_request *rq,
		    uint8_t *data, size_t len)
{
	rq->cmd.data = data;
	rq->cmd.data_len = (uint32_t)len;
	rq->cmd.to_drive = true;
	return lathep_mmc_run(mmc, rq);
}

int lathep_mmc_send_list(struct lathe_mmc *mmc, const uint8_t *cdb, int len,
			 unsigned flags, uint8_t *list, size_t list_len)
{
	struct lathep_mmc_request rq;

	memcpy(rq.cmd.cdb, cdb, (size_t)len);
	lathep_mmc_request(&rq, len, flags | LATHEP_MMC_EXACT);
	return lathep_mmc_send(mmc, &rq, list, list_len);
}

int lathep_mmc_test_ready(struct lathe_mmc *mmc, uint32_t patience_ms,
			  unsigned flags)
{
	struct lathep_mmc_request rq;

	lathep_mmc_request(&rq,
			   lathe_mmc_encode_test_unit_ready(rq.cmd.cdb,
							    sizeof(rq.cmd.cdb)),
			   flags | LATHEP_MMC_REPEATABLE);
	rq.patience_ms = patience_ms;
	return lathep_mmc_run(mmc, &rq);
}

int lathep_mmc_prevent(struct lathe_mmc *mmc, bool locked)
{
	uint8_t cdb[6];

	return lathep_mmc_command(
		mmc, cdb,
		lathe_mmc_encode_prevent_allow(cdb, sizeof(cdb), locked),
		LATHEP_MMC_REPEATABLE);
}

int lathep_mmc_capacity(struct lathe_mmc *mmc, struct lathe_mmc_capacity *out)
{
	struct lathep_mmc_request rq;
	uint8_t data[8];
	size_t moved;
	int err;

	err = lathep_mmc_ask(mmc, &rq,
		  lathe_mmc_encode_read_capacity(rq.cmd.cdb,
						 sizeof(rq.cmd.cdb)),
		  0, data, sizeof(data), &moved);
	if (err)
		return err;
	if (lathe_mmc_parse_capacity(data, moved, out) != 0)
		return lathep_mmc_cut_answer(mmc, &rq);
	return 0;
}

int lathep_mmc_disc_info(struct lathe_mmc *mmc, unsigned flags,
			 struct lathe_mmc_disc_info *out)
{
	struct lathep_mmc_request rq;
	uint8_t data[LATHE_MMC_DISC_INFO_BYTES];
	size_t moved;
	int err;

	err = lathep_mmc_ask(mmc, &rq,
		  lathe_mmc_encode_read_disc_info(
			  rq.cmd.cdb, sizeof(rq.cmd.cdb), sizeof(data)),
		  flags, data, sizeof(data), &moved);
	if (err)
		return err;
	if (lathe_mmc_parse_disc_info(data, moved, out) != 0)
		return lathep_mmc_cut_answer(mmc, &rq);
	return 0;
}

int lathep_mmc_track_info(struct lathe_mmc *mmc,
			  enum lathe_mmc_track_address by, uint32_t number,
			  struct lathe_mmc_track_info *out)
{
	struct lathep_mmc_request rq;
	uint8_t data[LATHE_MMC_TRACK_INFO_BYTES];
	size_t moved;
	int err;

	err = lathep_mmc_ask(mmc, &rq,
		  lathe_mmc_encode_read_track_info(rq.cmd.cdb,
						   sizeof(rq.cmd.cdb), by,
						   number, sizeof(data)),
		  0, data, sizeof(data), &moved);
	if (err)
		return err;
	if (lathe_mmc_parse_track_info(data, moved, out) != 0)
		return lathep_mmc_cut_answer(mmc, &rq);
	return 0;
}

int lathep_mmc_toc(struct lathe_mmc *mmc, enum lathe_mmc_toc_format format,
		   uint8_t *out, size_t room, size_t *moved)
{
	struct lathep_mmc_request rq;
	/* There are no LBAs in the full one, and MSF has to be set for it. */
	bool full = format == LATHE_MMC_TOC_FULL;
	struct lathe_mmc_toc toc;
	size_t want = 4;
	int err = 0;

	/* The header of four bytes first, then all of it. */
	for (int i = 0; i < 2; i++) {
		int len = lathe_mmc_encode_read_toc(
			rq.cmd.cdb, sizeof(rq.cmd.cdb), format, full, full,
			(uint32_t)want);

		err = lathep_mmc_ask(mmc, &rq, len, 0, out, want, moved);
		if (err)
			return err;
		if (lathe_mmc_parse_toc(out, *moved, format, &toc) != 0)
			return lathep_mmc_cut_answer(mmc, &rq);
		want = toc.announced;
		if (want > room)
			want = room;
		if (want > 0xfffe)
			want = 0xfffe;
		if (want <= 4)
			break;
	}
	if (*moved > toc.announced)
		*moved = toc.announced;
	return 0;
}

/* ---- features ----------------------------------------------------------- */

/* More features than these come in several answers. */
enum { FEATURES_ROOM = 1024, FEATURE_PAGES_MAX = 32 };

static void note_profiles(struct lathep_mmc_features *f,
			  const struct lathe_mmc_feature *feature)
{
	uint16_t profile;
	bool current;

	for (uint32_t i = 0; lathe_mmc_parse_feature_profile(
				     feature, i, &profile, &current) == 0;
	     i++)
		f->kinds |= UINT32_C(1) << lathep_mmc_strategy(profile)->kind;
}

/* A feature that tells what the drive does with the disc that is in it. */
static void note_current(struct lathep_mmc_features *f,
			 const struct lathe_mmc_feature *feature)
{
	struct lathe_mmc_feature_incremental incremental;
	struct lathe_mmc_feature_streaming streaming;
	struct lathe_mmc_feature_writing writing;
	struct lathe_mmc_feature_plus plus;
	uint64_t bit;

	if (lathe_mmc_parse_feature_streaming(feature, &streaming) == 0)
		f->streams |= streaming.streams;
	if (feature->code < 0x20 || feature->code > 0x5f)
		return;
	bit = LATHEP_MMC_FEATURE_BIT(feature->code);
	if (lathe_mmc_parse_feature_plus(feature, &plus) == 0 && !plus.writes)
		return;
	if (lathe_mmc_parse_feature_writing(feature, &writing) == 0 &&
	    writing.test_write)
		f->test_write |= bit;
	if (lathe_mmc_parse_feature_incremental(feature, &incremental) == 0)
		f->link_size = incremental.link_size;
	f->current |= bit;
}

/* One GET CONFIGURATION from feature 'start' on, as much as fits. */
static int ask_features(struct lathe_mmc *mmc, uint32_t start, size_t want,
			uint8_t *data, size_t *moved,
			struct lathe_mmc_configuration *out)
{
	struct lathep_mmc_request rq;
	int err = lathep_mmc_ask(mmc, &rq,
		      lathe_mmc_encode_get_configuration(
			      rq.cmd.cdb, sizeof(rq.cmd.cdb),
			      LATHE_MMC_FEATURES_ALL, start, (uint32_t)want),
		      0, data, want, moved);

	if (err)
		return err;
	if (lathe_mmc_parse_configuration(data, *moved, out) != 0)
		return lathep_mmc_cut_answer(mmc, &rq);
	return 0;
}

int lathep_mmc_features(struct lathe_mmc *mmc, struct lathep_mmc_features *out)
{
	struct lathep_mmc_features f = { 0 };
	struct lathe_mmc_configuration head;
	struct lathe_mmc_feature feature;
	uint8_t data[FEATURES_ROOM];
	uint32_t start = 0;
	size_t moved;

	for (int page = 0; page < FEATURE_PAGES_MAX; page++) {
		size_t want, offset = 0;
		uint32_t next = start;
		int err = ask_features(mmc, start,
				       LATHE_MMC_CONFIGURATION_HEADER_BYTES,
				       data, &moved, &head);

		if (err)
			return err;
		f.profile = head.profile;
		want = head.announced < sizeof(data) ? head.announced
						     : sizeof(data);
		if (want <= LATHE_MMC_CONFIGURATION_HEADER_BYTES)
			break;
		err = ask_features(mmc, start, want, data, &moved, &head);
		if (err)
			return err;
		while (lathe_mmc_next_feature(data, moved, &offset, &feature) ==
		       0) {
			if (feature.code == LATHE_MMC_FEATURE_PROFILE_LIST)
				note_profiles(&f, &feature);
			else if (feature.current)
				note_current(&f, &feature);
			if (feature.code >= next)
				next = feature.code + 1u;
		}
		/* All of it came, or nothing new did. */
		if (head.announced <= moved || next == start || next > 0xffff)
			break;
		start = next;
	}
	*out = f;
	return 0;
}
