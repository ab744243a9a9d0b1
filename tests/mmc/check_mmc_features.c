/* SPDX-License-Identifier: MIT */
/*
 * GET CONFIGURATION: the list of features, and each of them taken apart.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/lib_cut.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

FACE(configuration, lathe_mmc_configuration, lathe_mmc_parse_configuration)

/* ---- GET CONFIGURATION -------------------------------------------------- */

/* Profiles CD-RW (current), CD-R, CD-ROM; core ATAPI; tray with lock and
 * eject; incremental with link sizes 7 and 16; TAO with BUF, test and CD-RW;
 * mastering, not current. */
static const char features_text[] =
	"0000004c 0000 000a "
	"0000 03 0c 000a 01 00 0009 00 00 0008 00 00 "
	"0001 03 04 00000002 "
	"0003 03 04 29 00 00 00 "
	"0010 01 08 00000800 0001 01 00 "
	"0021 01 08 0100 01 02 07 10 00 00 "
	"002d 09 04 47 00 0102 "
	"002e 00 04 20 000000";

START_TEST(features_are_walked_and_taken_apart)
{
	uint8_t data[80];
	struct lathe_mmc_configuration head;
	struct lathe_mmc_feature f;
	struct lathe_mmc_feature_removable removable;
	struct lathe_mmc_feature_readable readable;
	struct lathe_mmc_feature_incremental incremental;
	struct lathe_mmc_feature_writing writing;
	size_t offset = 0;
	uint32_t interface_standard;
	uint16_t profile;
	bool current;

	ck_assert_uint_eq(mock_hex(features_text, data, sizeof(data)), 80);
	ck_assert_int_eq(lathe_mmc_parse_configuration(data, 80, &head), 0);
	ck_assert_uint_eq(head.announced, 80);
	ck_assert_uint_eq(head.profile, LATHE_MMC_PROFILE_CD_RW);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert_uint_eq(f.code, 0);
	ck_assert(f.persistent && f.current);
	ck_assert_int_eq(
		lathe_mmc_parse_feature_profile(&f, 0, &profile, &current), 0);
	ck_assert_uint_eq(profile, 0x000a);
	ck_assert(current);
	ck_assert_int_eq(
		lathe_mmc_parse_feature_profile(&f, 2, &profile, &current), 0);
	ck_assert_uint_eq(profile, 0x0008);
	ck_assert(!current);
	ck_assert_int_eq(lathe_mmc_parse_feature_profile(&f, 3, &profile,
							 &current),
			 LATHE_ERR_NOT_FOUND);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert_int_eq(lathe_mmc_parse_feature_core(&f, &interface_standard),
			 0);
	ck_assert_uint_eq(interface_standard, 2);
	ck_assert_int_eq(lathe_mmc_parse_feature_removable(&f, &removable),
			 LATHE_ERR_CORRUPT);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert_int_eq(lathe_mmc_parse_feature_removable(&f, &removable), 0);
	ck_assert_uint_eq(removable.mechanism, 1);
	ck_assert(removable.can_eject && removable.can_lock);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert_int_eq(lathe_mmc_parse_feature_readable(&f, &readable), 0);
	ck_assert_uint_eq(readable.block_bytes, 2048);
	ck_assert_uint_eq(readable.blocking, 1);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert_int_eq(lathe_mmc_parse_feature_incremental(&f, &incremental),
			 0);
	ck_assert_uint_eq(incremental.link_sizes, 2);
	ck_assert_uint_eq(incremental.link_size, 16);
	ck_assert(incremental.buffer_underrun_free);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert_uint_eq(f.version, 2);
	ck_assert(f.current && !f.persistent);
	ck_assert_int_eq(lathe_mmc_parse_feature_writing(&f, &writing), 0);
	ck_assert(writing.buffer_underrun_free && writing.test_write &&
		  writing.rewritable);
	ck_assert_uint_eq(writing.block_types, 0x0102);

	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f), 0);
	ck_assert(!f.current);
	ck_assert_int_eq(lathe_mmc_parse_feature_writing(&f, &writing), 0);
	ck_assert(!writing.test_write);
	ck_assert_int_eq(lathe_mmc_next_feature(data, 80, &offset, &f),
			 LATHE_ERR_NOT_FOUND);
	cut_everywhere(configuration, data, 80, 8, LATHE_ERR_CORRUPT);
	/* Four bytes behind the length are the least that there can be. */
	lathe_put_be32(data, 4);
	ck_assert_int_eq(lathe_mmc_parse_configuration(data, 80, &head), 0);
	lathe_put_be32(data, 3);
	ck_assert_int_eq(lathe_mmc_parse_configuration(data, 80, &head),
			 LATHE_ERR_CORRUPT);
}
END_TEST

static size_t count_features(const uint8_t *data, size_t len)
{
	struct lathe_mmc_feature f;
	size_t offset = 0, n = 0, sum = 0;

	while (lathe_mmc_next_feature(data, len, &offset, &f) == 0) {
		for (size_t i = 0; i < f.len; i++)
			sum += f.data[i];
		n++;
	}
	/* Keep the reads: every byte handed out has to be ours. */
	ck_assert_uint_lt(sum, 100000);
	return n;
}

START_TEST(cut_feature_lists_end_at_the_last_whole_feature)
{
	/* Where the descriptors end. */
	static const size_t ends[] = { 24, 32, 40, 52, 64, 72, 80 };
	uint8_t full[80];

	mock_hex(features_text, full, sizeof(full));
	for (size_t n = 0; n <= 80; n++) {
		uint8_t *data = malloc(n ? n : 1);
		size_t want = 0;

		memcpy(data, full, n);
		for (size_t i = 0; i < 7; i++)
			want += n >= ends[i];
		ck_assert_uint_eq(count_features(data, n), want);
		free(data);
	}
	/* Announced less than came; and nonsense that claims all memory. */
	lathe_put_be32(full, 36);
	ck_assert_uint_eq(count_features(full, 80), 3);
	lathe_put_be32(full, 0xffffffff);
	ck_assert_uint_eq(count_features(full, 80), 7);
}
END_TEST

START_TEST(short_features_are_damage)
{
	static const uint8_t zeros[16] = { 0 };

	for (size_t n = 0; n < 8; n++) {
		uint8_t *body = malloc(n ? n : 1);
		struct lathe_mmc_feature f = { .data = body, .len = n };
		struct lathe_mmc_feature_removable removable;
		struct lathe_mmc_feature_readable readable;
		struct lathe_mmc_feature_incremental incremental;
		struct lathe_mmc_feature_writing writing;
		uint32_t standard;

		memcpy(body, zeros, n);
		f.code = LATHE_MMC_FEATURE_CORE;
		ck_assert_int_eq(lathe_mmc_parse_feature_core(&f, &standard),
				 n < 4 ? LATHE_ERR_CORRUPT : 0);
		f.code = LATHE_MMC_FEATURE_REMOVABLE;
		ck_assert_int_eq(lathe_mmc_parse_feature_removable(&f,
								   &removable),
				 n < 1 ? LATHE_ERR_CORRUPT : 0);
		f.code = LATHE_MMC_FEATURE_RANDOM_READABLE;
		ck_assert_int_eq(lathe_mmc_parse_feature_readable(&f,
								  &readable),
				 n < 6 ? LATHE_ERR_CORRUPT : 0);
		f.code = LATHE_MMC_FEATURE_INCREMENTAL;
		if (n >= 4)
			body[3] = 200; /* more sizes than there are bytes */
		ck_assert_int_eq(
			lathe_mmc_parse_feature_incremental(&f, &incremental),
			n < 4 ? LATHE_ERR_CORRUPT : 0);
		if (n >= 4)
			ck_assert_uint_eq(incremental.link_sizes, n - 4);
		f.code = LATHE_MMC_FEATURE_DVD_R_WRITE;
		ck_assert_int_eq(lathe_mmc_parse_feature_writing(&f, &writing),
				 n < 4 ? LATHE_ERR_CORRUPT : 0);
		free(body);
	}
}
END_TEST

/* ---- features of recordable media --------------------------------------- */

static struct lathe_mmc_feature feature(unsigned code, const uint8_t *data,
					size_t len)
{
	struct lathe_mmc_feature f = { .code = (uint16_t)code,
				       .current = true,
				       .data = data,
				       .len = len };

	return f;
}

START_TEST(features_of_recordable_media)
{
	uint8_t d[20];
	struct lathe_mmc_feature f;
	struct lathe_mmc_feature_random random;
	struct lathe_mmc_feature_formattable formattable;
	struct lathe_mmc_feature_plus plus;
	struct lathe_mmc_feature_rigid rigid;
	struct lathe_mmc_feature_bd_write bd;
	struct lathe_mmc_feature_streaming streaming;
	bool told;

	mock_hex("0023053f 00000800 0010 01 00", d, sizeof(d));
	f = feature(0x20, d, 12);
	ck_assert_int_eq(lathe_mmc_parse_feature_random(&f, &random), 0);
	ck_assert_uint_eq(random.last_lba, 0x23053f);
	ck_assert_uint_eq(random.block_bytes, 2048);
	ck_assert_uint_eq(random.blocking, 16);

	mock_hex("0f 80 0000 01 000000", d, sizeof(d));
	f = feature(0x23, d, 8);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 0);
	ck_assert(formattable.keeps_spares && formattable.expands &&
		  formattable.quick_certifies && formattable.certifies &&
		  formattable.free_space && formattable.random);
	/* As drives before BD have it. */
	f = feature(0x23, d, 0);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 0);
	ck_assert(!formattable.certifies);
	/* And one that ends before its last field. */
	f = feature(0x23, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 0);
	ck_assert(!formattable.certifies && !formattable.random);

	d[0] = 0x80;
	f = feature(0x24, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_defects(&f, &told), 0);
	ck_assert(told);

	mock_hex("01 03 0000", d, sizeof(d));
	f = feature(0x2a, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus), 0);
	ck_assert(plus.writes && plus.quick_start && plus.close_only);
	f = feature(0x2b, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus), 0);
	ck_assert(plus.writes && !plus.quick_start && !plus.close_only);
	d[0] = 0;
	f = feature(0x3b, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus), 0);
	ck_assert(!plus.writes);

	d[0] = 0x0a;
	f = feature(0x2c, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_rigid(&f, &rigid), 0);
	ck_assert(rigid.generates_defects && !rigid.reads_defects);
	ck_assert(rigid.intermediate && !rigid.blanks);

	mock_hex("01 000000 00000006 00000000 00000006 00000100", d,
		 sizeof(d));
	f = feature(0x41, d, 20);
	ck_assert_int_eq(lathe_mmc_parse_feature_bd_write(&f, &bd), 0);
	ck_assert(bd.verify_can_be_off);
	ck_assert_uint_eq(bd.re_classes[0], 6);
	ck_assert_uint_eq(bd.r_classes[0], 6);
	ck_assert_uint_eq(bd.r_classes[1], 0x100);

	d[0] = 0x1f;
	f = feature(0x107, d, 4);
	ck_assert_int_eq(lathe_mmc_parse_feature_streaming(&f, &streaming), 0);
	ck_assert(streaming.reads_buffer_capacity && streaming.set_cd_speed &&
		  streaming.mode_page_2a && streaming.write_speeds &&
		  streaming.streams);
}
END_TEST

/* The least length of each, in memory that is exactly so long. */
static const struct {
	unsigned code;
	size_t least;
} lengths[] = { { 0x20, 10 }, { 0x24, 1 }, { 0x2a, 2 }, { 0x2b, 1 },
		{ 0x2c, 1 },  { 0x3a, 2 }, { 0x3b, 1 }, { 0x41, 20 },
		{ 0x107, 1 } };

static int parse_any(const struct lathe_mmc_feature *f)
{
	union {
		struct lathe_mmc_feature_random random;
		struct lathe_mmc_feature_plus plus;
		struct lathe_mmc_feature_rigid rigid;
		struct lathe_mmc_feature_bd_write bd;
		struct lathe_mmc_feature_streaming streaming;
		bool told;
	} out;

	switch (f->code) {
	case 0x20:
		return lathe_mmc_parse_feature_random(f, &out.random);
	case 0x24:
		return lathe_mmc_parse_feature_defects(f, &out.told);
	case 0x2c:
		return lathe_mmc_parse_feature_rigid(f, &out.rigid);
	case 0x41:
		return lathe_mmc_parse_feature_bd_write(f, &out.bd);
	case 0x107:
		return lathe_mmc_parse_feature_streaming(f, &out.streaming);
	default:
		return lathe_mmc_parse_feature_plus(f, &out.plus);
	}
}

START_TEST(cut_features_are_damage)
{
	for (size_t n = 0; n <= lengths[_i].least; n++) {
		uint8_t *data = calloc(1, n ? n : 1);
		struct lathe_mmc_feature f =
			feature(lengths[_i].code, data, n);

		ck_assert_int_eq(parse_any(&f), n < lengths[_i].least
							? LATHE_ERR_CORRUPT
							: 0);
		free(data);
	}
}
END_TEST

START_TEST(other_features_are_not_taken_for_these)
{
	uint8_t data[20] = { 0 };
	struct lathe_mmc_feature f = feature(0x2d, data, 20);
	struct lathe_mmc_feature_random random;
	struct lathe_mmc_feature_formattable formattable;
	struct lathe_mmc_feature_plus plus;
	struct lathe_mmc_feature_rigid rigid;
	struct lathe_mmc_feature_bd_write bd;
	struct lathe_mmc_feature_streaming streaming;
	uint32_t standard;
	bool told;

	ck_assert_int_eq(lathe_mmc_parse_feature_core(&f, &standard),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_random(&f, &random),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_formattable(&f, &formattable),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_defects(&f, &told),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_plus(&f, &plus),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_rigid(&f, &rigid),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_bd_write(&f, &bd),
			 LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_feature_streaming(&f, &streaming),
			 LATHE_ERR_CORRUPT);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc features");
	TCase *t = tcase_create("all");

	tcase_add_test(t, features_are_walked_and_taken_apart);
	tcase_add_test(t, cut_feature_lists_end_at_the_last_whole_feature);
	tcase_add_test(t, short_features_are_damage);
	tcase_add_test(t, features_of_recordable_media);
	tcase_add_loop_test(t, cut_features_are_damage,
			    0, (int)(sizeof(lengths) / sizeof(*lengths)));
	tcase_add_test(t, other_features_are_not_taken_for_these);
	suite_add_tcase(s, t);
	return run_suite(s);
}
