/* SPDX-License-Identifier: MIT */
/*
 * Every command, byte for byte as SPC-3 and MMC-6 lay it out. The buffers are
 * exactly as long as the CDB, so that a byte too many is seen.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

static void check_cdb(int line, int (*encode)(uint8_t *, size_t),
		      const char *want_hex)
{
	uint8_t want[16], *cdb;
	size_t len = mock_hex(want_hex, want, sizeof(want));

	cdb = malloc(len);
	ck_assert_ptr_nonnull(cdb);
	memset(cdb, 0xee, len);
	ck_assert_msg(encode(cdb, len) == (int)len, "line %d: length", line);
	ck_assert_msg(memcmp(cdb, want, len) == 0, "line %d: bytes", line);
	/* One byte less: refused, and nothing is written. */
	memset(cdb, 0xee, len);
	ck_assert_msg(encode(cdb, len - 1) == LATHE_ERR_ARG, "line %d: room",
		      line);
	for (size_t i = 0; i < len; i++)
		ck_assert_uint_eq(cdb[i], 0xee);
	free(cdb);
}

#define CASE(name, call)                           \
	static int name(uint8_t *cdb, size_t room) \
	{                                          \
		return call;                       \
	}

CASE(tur, lathe_mmc_encode_test_unit_ready(cdb, room))
CASE(sense_fixed, lathe_mmc_encode_request_sense(cdb, room, false, 18))
CASE(sense_desc, lathe_mmc_encode_request_sense(cdb, room, true, 252))
CASE(inquiry, lathe_mmc_encode_inquiry(cdb, room, 36))
CASE(inquiry_max, lathe_mmc_encode_inquiry(cdb, room, 0xffff))
CASE(stop, lathe_mmc_encode_start_stop(cdb, room, false, LATHE_MMC_STOP))
CASE(start, lathe_mmc_encode_start_stop(cdb, room, true, LATHE_MMC_START))
CASE(eject, lathe_mmc_encode_start_stop(cdb, room, false, LATHE_MMC_EJECT))
CASE(load, lathe_mmc_encode_start_stop(cdb, room, false, LATHE_MMC_LOAD))
CASE(prevent, lathe_mmc_encode_prevent_allow(cdb, room, true))
CASE(allow, lathe_mmc_encode_prevent_allow(cdb, room, false))
CASE(capacity, lathe_mmc_encode_read_capacity(cdb, room))
CASE(read10, lathe_mmc_encode_read_10(cdb, room, 0x01020304, 0x0506, false))
CASE(read_fua, lathe_mmc_encode_read_10(cdb, room, 16, 1, true))
CASE(write10, lathe_mmc_encode_write_10(cdb, room, 0x00012345, 32, false))
CASE(write_pregap,
     lathe_mmc_encode_write_10(cdb, room, (uint32_t)-150, 16, false))
CASE(write_fua, lathe_mmc_encode_write_10(cdb, room, 0, 0xffff, true))
CASE(sync_wait, lathe_mmc_encode_synchronize_cache(cdb, room, false))
CASE(sync_immed, lathe_mmc_encode_synchronize_cache(cdb, room, true))
CASE(toc0,
     lathe_mmc_encode_read_toc(cdb, room, LATHE_MMC_TOC_TRACKS, true, 1, 804))
CASE(toc1,
     lathe_mmc_encode_read_toc(cdb, room, LATHE_MMC_TOC_SESSIONS, false, 0, 12))
CASE(toc2,
     lathe_mmc_encode_read_toc(cdb, room, LATHE_MMC_TOC_FULL, false, 1, 4))
CASE(toc4,
     lathe_mmc_encode_read_toc(cdb, room, LATHE_MMC_TOC_ATIP, false, 0, 32))
CASE(config_all,
     lathe_mmc_encode_get_configuration(cdb, room, LATHE_MMC_FEATURES_ALL, 0,
					8))
CASE(config_one,
     lathe_mmc_encode_get_configuration(cdb, room, LATHE_MMC_FEATURES_ONE,
					0x0107, 0x1000))
CASE(events,
     lathe_mmc_encode_get_event_status(cdb, room, LATHE_MMC_EVENTS_MEDIA, 8))
CASE(disc_info, lathe_mmc_encode_read_disc_info(cdb, room, 34))
CASE(track_invisible,
     lathe_mmc_encode_read_track_info(cdb, room, LATHE_MMC_BY_TRACK, 0xff, 36))
CASE(track_session,
     lathe_mmc_encode_read_track_info(cdb, room, LATHE_MMC_BY_SESSION, 2, 36))
CASE(track_lba, lathe_mmc_encode_read_track_info(cdb, room, LATHE_MMC_BY_LBA,
						 0x12345678, 36))
CASE(reserve, lathe_mmc_encode_reserve_track(cdb, room, 0x00230540))
CASE(opc, lathe_mmc_encode_send_opc(cdb, room))
CASE(sense_page, lathe_mmc_encode_mode_sense_10(cdb, room, 0x2a, 30))
CASE(select_page, lathe_mmc_encode_mode_select_10(cdb, room, 60))
CASE(close_track,
     lathe_mmc_encode_close(cdb, room, true, LATHE_MMC_CLOSE_TRACK, 0x0102))
CASE(close_session,
     lathe_mmc_encode_close(cdb, room, true, LATHE_MMC_CLOSE_SESSION, 0))
CASE(close_waiting,
     lathe_mmc_encode_close(cdb, room, false, LATHE_MMC_CLOSE_SESSION, 0))
CASE(finalize_small,
     lathe_mmc_encode_close(cdb, room, true, LATHE_MMC_FINALIZE_MINIMUM, 0))
CASE(finalize, lathe_mmc_encode_close(cdb, room, true, LATHE_MMC_FINALIZE, 0))
CASE(blank_full,
     lathe_mmc_encode_blank(cdb, room, true, LATHE_MMC_BLANK_TYPE_FULL))
CASE(blank_quick,
     lathe_mmc_encode_blank(cdb, room, false, LATHE_MMC_BLANK_TYPE_MINIMAL))
CASE(speed, lathe_mmc_encode_set_cd_speed(cdb, room, 0xffff, 706))

START_TEST(every_command_is_encoded_as_the_standard_lays_it_out)
{
	static const struct {
		int line;
		int (*encode)(uint8_t *, size_t);
		const char *want;
	} cases[] = {
		/* SPC-3 6.33, 6.27, 6.4 */
		{ __LINE__, tur, "00 00 00 00 00 00" },
		{ __LINE__, sense_fixed, "03 00 00 00 12 00" },
		{ __LINE__, sense_desc, "03 01 00 00 fc 00" },
		{ __LINE__, inquiry, "12 00 00 00 24 00" },
		{ __LINE__, inquiry_max, "12 00 00 ff ff 00" },
		/* MMC-6, START STOP UNIT: byte 4 bit 1 LoEj, bit 0 Start */
		{ __LINE__, stop, "1b 00 00 00 00 00" },
		{ __LINE__, start, "1b 01 00 00 01 00" },
		{ __LINE__, eject, "1b 00 00 00 02 00" },
		{ __LINE__, load, "1b 00 00 00 03 00" },
		{ __LINE__, prevent, "1e 00 00 00 01 00" },
		{ __LINE__, allow, "1e 00 00 00 00 00" },
		{ __LINE__, capacity, "25 00 00 00 00 00 00 00 00 00" },
		/* FUA is bit 3 of byte 1. */
		{ __LINE__, read10, "28 00 01 02 03 04 00 05 06 00" },
		{ __LINE__, read_fua, "28 08 00 00 00 10 00 00 01 00" },
		{ __LINE__, write10, "2a 00 00 01 23 45 00 00 20 00" },
		{ __LINE__, write_pregap, "2a 00 ff ff ff 6a 00 00 10 00" },
		{ __LINE__, write_fua, "2a 08 00 00 00 00 00 ff ff 00" },
		{ __LINE__, sync_wait, "35 00 00 00 00 00 00 00 00 00" },
		{ __LINE__, sync_immed, "35 02 00 00 00 00 00 00 00 00" },
		/* Byte 1 bit 1 MSF, byte 2 format, byte 6 number. */
		{ __LINE__, toc0, "43 02 00 00 00 00 01 03 24 00" },
		{ __LINE__, toc1, "43 00 01 00 00 00 00 00 0c 00" },
		{ __LINE__, toc2, "43 00 02 00 00 00 01 00 04 00" },
		{ __LINE__, toc4, "43 00 04 00 00 00 00 00 20 00" },
		{ __LINE__, config_all, "46 00 00 00 00 00 00 00 08 00" },
		{ __LINE__, config_one, "46 02 01 07 00 00 00 10 00 00" },
		{ __LINE__, events, "4a 01 00 00 10 00 00 00 08 00" },
		{ __LINE__, disc_info, "51 00 00 00 00 00 00 00 22 00" },
		{ __LINE__, track_invisible, "52 01 00 00 00 ff 00 00 24 00" },
		{ __LINE__, track_session, "52 02 00 00 00 02 00 00 24 00" },
		{ __LINE__, track_lba, "52 00 12 34 56 78 00 00 24 00" },
		/* Size in bytes 5 to 8. */
		{ __LINE__, reserve, "53 00 00 00 00 00 23 05 40 00" },
		{ __LINE__, opc, "54 01 00 00 00 00 00 00 00 00" },
		/* DBD is bit 3 of byte 1; PF bit 4. */
		{ __LINE__, sense_page, "5a 08 2a 00 00 00 00 00 1e 00" },
		{ __LINE__, select_page, "55 10 00 00 00 00 00 00 3c 00" },
		/* Track number in bytes 4 and 5. */
		{ __LINE__, close_track, "5b 01 01 00 01 02 00 00 00 00" },
		{ __LINE__, close_session, "5b 01 02 00 00 00 00 00 00 00" },
		{ __LINE__, close_waiting, "5b 00 02 00 00 00 00 00 00 00" },
		{ __LINE__, finalize_small, "5b 01 05 00 00 00 00 00 00 00" },
		{ __LINE__, finalize, "5b 01 06 00 00 00 00 00 00 00" },
		/* IMMED is bit 4, the type bits 2 to 0 of byte 1. */
		{ __LINE__, blank_full, "a1 10 00 00 00 00 00 00 00 00 00 00" },
		{ __LINE__, blank_quick,
		  "a1 01 00 00 00 00 00 00 00 00 00 00" },
		{ __LINE__, speed, "bb 00 ff ff 02 c2 00 00 00 00 00 00" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_cdb(cases[i].line, cases[i].encode, cases[i].want);
}
END_TEST

START_TEST(values_that_do_not_fit_their_field_are_refused)
{
	uint8_t c[16];
	size_t n = sizeof(c);

	memset(c, 0xee, n);
	ck_assert_int_eq(lathe_mmc_encode_request_sense(c, n, false, 256),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_inquiry(c, n, 65536), LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_start_stop(
				 c, n, false, (enum lathe_mmc_start_stop)4),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_read_10(c, n, 0, 65536, false),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_write_10(c, n, 0, 65536, false),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_read_toc(c, n,
						   (enum lathe_mmc_toc_format)3,
						   false, 0, 4),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_read_toc(c, n, LATHE_MMC_TOC_FULL,
						   false, 256, 4),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_read_toc(c, n, LATHE_MMC_TOC_FULL,
						   false, 1, 65536),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_get_configuration(
				 c, n, (enum lathe_mmc_configuration_scope)3, 0,
				 8),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_get_configuration(
				 c, n, LATHE_MMC_FEATURES_ALL, 65536, 8),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_get_configuration(
				 c, n, LATHE_MMC_FEATURES_ALL, 0, 65536),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_get_event_status(c, n, 0, 8),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_get_event_status(c, n, 256, 8),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_read_disc_info(c, n, 65536),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_read_track_info(
				 c, n, (enum lathe_mmc_track_address)3, 1, 36),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_mode_sense_10(c, n, 0x40, 30),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_mode_select_10(c, n, 65536),
			 LATHE_ERR_ARG);
	/* CLOSE TRACK names a track, all else none. */
	ck_assert_int_eq(lathe_mmc_encode_close(c, n, true,
						LATHE_MMC_CLOSE_TRACK, 0),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_close(c, n, true,
						LATHE_MMC_CLOSE_TRACK, 65536),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_close(c, n, true,
						LATHE_MMC_CLOSE_SESSION, 1),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(
		lathe_mmc_encode_close(c, n, true,
				       (enum lathe_mmc_close_function)3, 0),
		LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_blank(c, n, true,
						(enum lathe_mmc_blank_type)2),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_set_cd_speed(c, n, 65536, 0),
			 LATHE_ERR_ARG);
	ck_assert_int_eq(lathe_mmc_encode_set_cd_speed(c, n, 0, 65536),
			 LATHE_ERR_ARG);
	for (size_t i = 0; i < n; i++)
		ck_assert_uint_eq(c[i], 0xee);
}
END_TEST

START_TEST(write_parameters_are_laid_out_as_mmc_6_page_05h)
{
	/* CD TAO data, appendable, with underrun protection: 41h C4h 08h. */
	static const struct lathe_mmc_write_parameters tao = {
		.buffer_underrun_free = true,
		.write_type = LATHE_MMC_WRITE_TAO,
		.multi_session = 3,
		.track_mode = 4,
		.block_type = 8,
		.audio_pause = 150
	};
	/* DVD-R incremental: LS_V, link size 16, FP with packets of 16. */
	static const struct lathe_mmc_write_parameters incremental = {
		.buffer_underrun_free = true,
		.write_type = LATHE_MMC_WRITE_PACKET,
		.multi_session = 3,
		.track_mode = 5,
		.block_type = 8,
		.has_link_size = true,
		.link_size = 16,
		.fixed_packet = true,
		.packet_blocks = 16,
		.audio_pause = 150
	};
	/* XA, mode 2 form 1, simulated. */
	static const struct lathe_mmc_write_parameters xa = {
		.test_write = true,
		.write_type = LATHE_MMC_WRITE_TAO,
		.track_mode = 4,
		.block_type = 10,
		.session_format = 0x20,
		.audio_pause = 150
	};
	static const struct {
		const struct lathe_mmc_write_parameters *in;
		const char *want; /* bytes 0 to 15 */
	} cases[] = {
		{ &tao, "05 32 41 c4 08 00 00 00 00 00 00000000 0096" },
		{ &incremental, "05 32 60 e5 08 10 00 00 00 00 00000010 0096" },
		{ &xa, "05 32 11 04 0a 00 00 00 20 00 00000000 0096" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t want[16], *page = malloc(52);
		struct lathe_mmc_write_parameters back;

		/* All of an illegal default has to go. */
		memset(page, 0xff, 52);
		mock_hex(cases[i].want, want, sizeof(want));
		ck_assert_int_eq(lathe_mmc_build_write_parameters(cases[i].in,
								  page, 52),
				 0);
		ck_assert_mem_eq(page, want, sizeof(want));
		for (size_t b = 16; b < 52; b++)
			ck_assert_uint_eq(page[b], 0);
		ck_assert_int_eq(
			lathe_mmc_parse_write_parameters(page, 52, &back), 0);
		ck_assert_int_eq(back.test_write, cases[i].in->test_write);
		ck_assert_uint_eq(back.multi_session,
				  cases[i].in->multi_session);
		ck_assert_uint_eq(back.packet_blocks,
				  cases[i].in->packet_blocks);
		free(page);
	}
}
END_TEST

START_TEST(a_page_keeps_the_length_that_the_drive_reports)
{
	static const struct lathe_mmc_write_parameters tao = {
		.write_type = LATHE_MMC_WRITE_TAO,
		.multi_session = 3,
		.track_mode = 4,
		.block_type = 8,
		.audio_pause = 150
	};
	struct lathe_mmc_write_parameters bad = tao;

	for (size_t len = 0; len <= 60; len++) {
		uint8_t *page = malloc(len ? len : 1);

		memset(page, 0x77, len);
		if (len < 9) {
			ck_assert_int_eq(lathe_mmc_build_write_parameters(
						 &tao, page, len),
					 LATHE_ERR_ARG);
			free(page);
			continue;
		}
		ck_assert_int_eq(
			lathe_mmc_build_write_parameters(&tao, page, len), 0);
		ck_assert_uint_eq(page[1], len - 2);
		/* Behind byte 51 it is the vendor's. */
		for (size_t b = 52; b < len; b++)
			ck_assert_uint_eq(page[b], 0x77);
		free(page);
	}
	bad.multi_session = 4;
	ck_assert_int_eq(
		lathe_mmc_build_write_parameters(&bad, (uint8_t[52]){ 0 }, 52),
		LATHE_ERR_ARG);
	bad = tao;
	bad.write_type = (enum lathe_mmc_write_type)16;
	ck_assert_int_eq(
		lathe_mmc_build_write_parameters(&bad, (uint8_t[52]){ 0 }, 52),
		LATHE_ERR_ARG);
	bad = tao;
	bad.track_mode = 16;
	ck_assert_int_eq(
		lathe_mmc_build_write_parameters(&bad, (uint8_t[52]){ 0 }, 52),
		LATHE_ERR_ARG);
	bad = tao;
	bad.block_type = 16;
	ck_assert_int_eq(
		lathe_mmc_build_write_parameters(&bad, (uint8_t[52]){ 0 }, 52),
		LATHE_ERR_ARG);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc encoders");
	TCase *t = tcase_create("all");

	tcase_add_test(t, every_command_is_encoded_as_the_standard_lays_it_out);
	tcase_add_test(t, values_that_do_not_fit_their_field_are_refused);
	tcase_add_test(t, write_parameters_are_laid_out_as_mmc_6_page_05h);
	tcase_add_test(t, a_page_keeps_the_length_that_the_drive_reports);
	suite_add_tcase(s, t);
	return run_suite(s);
}
