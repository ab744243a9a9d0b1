/* SPDX-License-Identifier: MIT */
/*
 * Replies as the standards lay them out and as real drives gave them. Each is
 * also given cut at every length, and with a length field that announces less
 * than came.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/lib_cut.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

FACE(inquiry, lathe_mmc_inquiry, lathe_mmc_parse_inquiry)
FACE(capacity, lathe_mmc_capacity, lathe_mmc_parse_capacity)
FACE(event, lathe_mmc_event, lathe_mmc_parse_event)
FACE(disc_info, lathe_mmc_disc_info, lathe_mmc_parse_disc_info)
FACE(track_info, lathe_mmc_track_info, lathe_mmc_parse_track_info)
FACE(atip, lathe_mmc_atip, lathe_mmc_parse_atip)
FACE(write_page, lathe_mmc_write_parameters, lathe_mmc_parse_write_parameters)
FACE(capabilities, lathe_mmc_capabilities, lathe_mmc_parse_capabilities)

static int toc_full(const uint8_t *data, size_t len, void *out)
{
	return lathe_mmc_parse_toc(data, len, LATHE_MMC_TOC_FULL, out);
}

static int mode_05(const uint8_t *data, size_t len, void *out)
{
	return lathe_mmc_parse_mode_10(data, len, 0x05, out);
}

/* ---- INQUIRY, SPC-3 6.4.2 ----------------------------------------------- */

START_TEST(inquiry_texts_are_trimmed_and_printable)
{
	uint8_t data[66] = { 0 };
	struct lathe_mmc_inquiry out;

	/* As tgtd sends it, with a control character in the product. */
	mock_hex("05 80 05 12 3d 00 00 00", data, 8);
	memcpy(data + 8, "STGT_DVD", 8);
	memcpy(data + 16,
	       "DVD\x07"
	       "1 1          ",
	       16);
	memcpy(data + 32, "0010", 4);
	ck_assert_int_eq(lathe_mmc_parse_inquiry(data, sizeof(data), &out), 0);
	ck_assert_uint_eq(out.device_type, 5);
	ck_assert(out.removable);
	ck_assert_uint_eq(out.version, 5);
	ck_assert_uint_eq(out.format, 2);
	ck_assert_str_eq(out.vendor, "STGT_DVD");
	ck_assert_str_eq(out.product, "DVD?1 1");
	ck_assert_str_eq(out.revision, "0010");

	cut_everywhere(inquiry, data, sizeof(data), 36, LATHE_ERR_CORRUPT);
	/* Byte 4 counts what follows it: 31 for 36 bytes in all. */
	data[4] = 31;
	ck_assert_int_eq(lathe_mmc_parse_inquiry(data, 66, &out), 0);
	data[4] = 30;
	ck_assert_int_eq(lathe_mmc_parse_inquiry(data, 66, &out),
			 LATHE_ERR_CORRUPT);
}
END_TEST

/* SPC-3 4.4.1: fields are padded with blanks; some drives use zeros. */
START_TEST(inquiry_texts_fill_their_fields)
{
	uint8_t data[36] = { 0 };
	struct lathe_mmc_inquiry out;

	mock_hex("05 80 05 02 1f", data, 8);
	memcpy(data + 8, "A\x7f", 2);
	memcpy(data + 16, "0123456789ABCDEF", 16);
	memcpy(data + 32, "1.0 ", 4);
	ck_assert_int_eq(lathe_mmc_parse_inquiry(data, sizeof(data), &out), 0);
	ck_assert_str_eq(out.vendor, "A?");
	ck_assert_str_eq(out.product, "0123456789ABCDEF");
	ck_assert_str_eq(out.revision, "1.0");
}
END_TEST

/* ---- READ CAPACITY ------------------------------------------------------ */

START_TEST(capacity_is_the_last_lba_and_the_block_size)
{
	uint8_t data[8];
	struct lathe_mmc_capacity out;

	/* A formatted DVD+RW. */
	mock_hex("0023053f 00000800", data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_capacity(data, 8, &out), 0);
	ck_assert_uint_eq(out.last_lba, 0x23053f);
	ck_assert_uint_eq(out.block_bytes, 2048);
	cut_everywhere(capacity, data, 8, 8, LATHE_ERR_CORRUPT);
}
END_TEST

/* ---- READ TOC ----------------------------------------------------------- */

START_TEST(sessions_format_names_the_last_complete_session)
{
	uint8_t data[12];
	struct lathe_mmc_toc toc;
	struct lathe_mmc_toc_track track;

	/* Two sessions, the second starts with track 2 at LBA 130115. */
	mock_hex("000a 01 02  00 14 02 00 0001fc43", data, sizeof(data));
	ck_assert_int_eq(
		lathe_mmc_parse_toc(data, 12, LATHE_MMC_TOC_SESSIONS, &toc), 0);
	ck_assert_uint_eq(toc.announced, 12);
	ck_assert_uint_eq(toc.first, 1);
	ck_assert_uint_eq(toc.last, 2);
	ck_assert_uint_eq(toc.entries, 1);
	ck_assert_int_eq(lathe_mmc_parse_toc_track(data, 12, 0, &track), 0);
	ck_assert_uint_eq(track.number, 2);
	ck_assert_uint_eq(track.start, 130115);
	ck_assert_uint_eq(track.adr, 1);
	ck_assert(track.data);
	ck_assert_int_eq(lathe_mmc_parse_toc_track(data, 12, 1, &track),
			 LATHE_ERR_NOT_FOUND);
	/* tgtd announces 10 and sends two bytes less. */
	ck_assert_int_eq(lathe_mmc_parse_toc_track(data, 10, 0, &track),
			 LATHE_ERR_NOT_FOUND);
}
END_TEST

START_TEST(tracks_format_lists_tracks_and_lead_out)
{
	uint8_t data[28];
	struct lathe_mmc_toc toc;
	struct lathe_mmc_toc_track track;

	mock_hex("001a 01 02  00 10 01 00 00000000  00 14 02 00 00002eea "
		 "00 14 aa 00 000045ec",
		 data, sizeof(data));
	ck_assert_int_eq(
		lathe_mmc_parse_toc(data, 28, LATHE_MMC_TOC_TRACKS, &toc), 0);
	ck_assert_uint_eq(toc.entries, 3);
	ck_assert_int_eq(lathe_mmc_parse_toc_track(data, 28, 0, &track), 0);
	ck_assert(!track.data);
	ck_assert_int_eq(lathe_mmc_parse_toc_track(data, 28, 2, &track), 0);
	ck_assert_uint_eq(track.number, LATHE_MMC_TOC_LEAD_OUT);
	ck_assert_uint_eq(track.start, 0x45ec);
	ck_assert_int_eq(lathe_mmc_parse_toc_track(data, 28, 3, &track),
			 LATHE_ERR_NOT_FOUND);
	/* A cut entry is none. */
	for (size_t n = 0; n < 28; n++) {
		uint8_t *cut = malloc(n ? n : 1);

		memcpy(cut, data, n);
		ck_assert_int_eq(lathe_mmc_parse_toc_track(cut, n, 2, &track),
				 LATHE_ERR_NOT_FOUND);
		free(cut);
	}
}
END_TEST

START_TEST(full_toc_of_a_real_two_session_disc)
{
	/* Lead-out of session 1 at 26:24:65, B0 at 28:54:65, track 2 at
	 * 28:56:65, lead-out of session 2 at 30:04:60, B0 at 31:34:60. */
	static const char text[] = "0070 01 02 "
				   "01 14 00 a0 00 00 00 00 01 00 00 "
				   "01 14 00 a1 00 00 00 00 01 00 00 "
				   "01 14 00 a2 00 00 00 00 1a 18 41 "
				   "01 14 00 01 00 00 00 00 00 02 00 "
				   "01 54 00 b0 1c 36 41 02 4f 3b 47 "
				   "02 14 00 a0 00 00 00 00 02 00 00 "
				   "02 14 00 a1 00 00 00 00 02 00 00 "
				   "02 14 00 a2 00 00 00 00 1e 04 3c "
				   "02 14 00 02 00 00 00 00 1c 38 41 "
				   "02 54 00 b0 1f 22 3c 01 4f 3b 47";
	uint8_t data[114];
	struct lathe_mmc_toc toc;
	struct lathe_mmc_full_toc_entry e;

	ck_assert_uint_eq(mock_hex(text, data, sizeof(data)), 114);
	ck_assert_int_eq(
		lathe_mmc_parse_toc(data, 114, LATHE_MMC_TOC_FULL, &toc), 0);
	ck_assert_uint_eq(toc.entries, 10);
	ck_assert_uint_eq(toc.last, 2);
	ck_assert_int_eq(lathe_mmc_parse_full_toc_entry(data, 114, 2, &e), 0);
	ck_assert_uint_eq(e.point, 0xa2);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(e.pmin, e.psec, e.pframe),
			 118715);
	ck_assert_int_eq(lathe_mmc_parse_full_toc_entry(data, 114, 4, &e), 0);
	ck_assert_uint_eq(e.session, 1);
	ck_assert_uint_eq(e.adr, 5);
	ck_assert_uint_eq(e.control, 4);
	ck_assert_uint_eq(e.zero, 2);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(e.min, e.sec, e.frame), 129965);
	ck_assert_int_eq(lathe_mmc_parse_full_toc_entry(data, 114, 8, &e), 0);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(e.pmin, e.psec, e.pframe),
			 130115);
	ck_assert_int_eq(lathe_mmc_parse_full_toc_entry(data, 114, 10, &e),
			 LATHE_ERR_NOT_FOUND);
	cut_everywhere(toc_full, data, 114, 4, LATHE_ERR_CORRUPT);
	announce_less(toc_full, data, 114, 4, LATHE_ERR_CORRUPT, 2);
	for (size_t n = 0; n < 114; n++) {
		uint8_t *cut = malloc(n ? n : 1);

		memcpy(cut, data, n);
		ck_assert_int_eq(lathe_mmc_parse_full_toc_entry(cut, n, 9, &e),
				 LATHE_ERR_NOT_FOUND);
		free(cut);
	}
}
END_TEST

START_TEST(times_become_addresses)
{
	ck_assert_int_eq(lathe_mmc_msf_to_lba(0, 2, 0), 0);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(0, 0, 0), -150);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(0, 1, 74), -1);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(79, 59, 71), 359846);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(89, 59, 74), 404849);
	/* Lead-in times, MMC-6: minutes 90 to 99 lie before LBA -150. */
	ck_assert_int_eq(lathe_mmc_msf_to_lba(90, 0, 0), -45150);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(97, 27, 18), -11607);
}
END_TEST

START_TEST(atip_of_a_cd_rw)
{
	uint8_t data[28];
	struct lathe_mmc_atip out;

	mock_hex("001a 0000  d1 40 d8 00  61 0d 0f 00  4f 3b 49 00 "
		 "00 00 00 00 00 00 00 00 00 00 00 00",
		 data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_atip(data, 28, &out), 0);
	ck_assert_uint_eq(out.writing_power, 5);
	ck_assert_uint_eq(out.reference_speed, 1);
	ck_assert(out.unrestricted);
	ck_assert(out.rewritable);
	ck_assert_uint_eq(out.sub_type, 3);
	ck_assert_uint_eq(out.lead_in[0], 0x61);
	ck_assert_int_eq(lathe_mmc_msf_to_lba(out.last_lead_out[0],
					      out.last_lead_out[1],
					      out.last_lead_out[2]),
			 359848);
	cut_everywhere(atip, data, 28, 15, LATHE_ERR_CORRUPT);
	announce_less(atip, data, 28, 15, LATHE_ERR_CORRUPT, 2);
}
END_TEST

/* ---- events ------------------------------------------------------------- */

START_TEST(media_and_busy_events)
{
	uint8_t data[8];
	struct lathe_mmc_event out;

	mock_hex("0006 04 56 02 02 0000", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_event(data, 8, &out), 0);
	ck_assert(!out.none);
	ck_assert_uint_eq(out.class_code, 4);
	ck_assert_uint_eq(out.supported, 0x56);
	ck_assert_uint_eq(out.code, 2);
	ck_assert(out.medium_present && !out.tray_open);
	cut_everywhere(event, data, 8, 8, LATHE_ERR_CORRUPT);
	announce_less(event, data, 8, 8, LATHE_ERR_CORRUPT, 2);

	mock_hex("0006 06 56 01 03 0014", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_event(data, 8, &out), 0);
	ck_assert_uint_eq(out.busy, 3);
	ck_assert_uint_eq(out.busy_ms, 2000);

	/* NEA: no such class; only the header then. */
	mock_hex("0002 80 16 00 00 0000", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_event(data, 4, &out), 0);
	ck_assert(out.none);
	mock_hex("0006 04 56 00 02 0000", data, 8);
	ck_assert_int_eq(lathe_mmc_parse_event(data, 8, &out), 0);
	ck_assert(out.none);
	ck_assert(out.medium_present);
}
END_TEST

/* ---- READ DISC INFORMATION ---------------------------------------------- */

START_TEST(disc_information_of_an_appendable_disc)
{
	uint8_t data[34];
	struct lathe_mmc_disc_info out;

	/* CD-RW, appendable, last session empty: 3 sessions, track 300 to
	 * 301 in the last, to see the more significant bytes. */
	mock_hex("0020 11 01 03 2c 2d a0 20 00 01 01 12345678 001e0446 "
		 "004f3b47 0000000000000000 00 02",
		 data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_disc_info(data, 34, &out), 0);
	ck_assert(out.erasable);
	ck_assert_uint_eq(out.session_state, LATHE_MMC_SESSION_EMPTY);
	ck_assert_uint_eq(out.disc_status, LATHE_MMC_DISC_APPENDABLE);
	ck_assert_uint_eq(out.first_track, 1);
	ck_assert_uint_eq(out.sessions, 3);
	ck_assert_uint_eq(out.last_session_first_track, 300);
	ck_assert_uint_eq(out.last_session_last_track, 301);
	ck_assert(out.has_disc_id);
	ck_assert_uint_eq(out.disc_id, 0x12345678);
	ck_assert_uint_eq(out.disc_type, 0x20);
	ck_assert_uint_eq(out.last_lead_in, 0x001e0446);
	ck_assert_uint_eq(out.last_lead_out, 0x004f3b47);
	ck_assert_uint_eq(out.opc_entries, 2);
	cut_everywhere(disc_info, data, 34, 24, LATHE_ERR_CORRUPT);
	announce_less(disc_info, data, 34, 24, LATHE_ERR_CORRUPT, 2);

	/* Without its last byte there is no number of OPC entries. */
	ck_assert_int_eq(lathe_mmc_parse_disc_info(data, 33, &out), 0);
	ck_assert_uint_eq(out.opc_entries, 0);
	/* Data type 1 is track resources, another structure. */
	data[2] |= 0x20;
	ck_assert_int_eq(lathe_mmc_parse_disc_info(data, 34, &out),
			 LATHE_ERR_CORRUPT);
}
END_TEST

START_TEST(disc_information_of_real_discs)
{
	static const struct {
		const char *bytes;
		uint8_t status, state;
	} cases[] = {
		/* tgtd: blank and complete DVD+R. */
		{ "0020 00 01 01 01 01 10 00 00", 0, 0 },
		{ "0020 0e 01 01 01 01 00 00 00", 2, 3 },
		{ "0020 05 01 02 02 02 00 00 00", 1, 1 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		uint8_t data[34] = { 0 };
		struct lathe_mmc_disc_info out;

		mock_hex(cases[i].bytes, data, sizeof(data));
		ck_assert_int_eq(lathe_mmc_parse_disc_info(data, 34, &out), 0);
		ck_assert_uint_eq(out.disc_status, cases[i].status);
		ck_assert_uint_eq(out.session_state, cases[i].state);
	}
}
END_TEST

/* ---- READ TRACK INFORMATION --------------------------------------------- */

START_TEST(track_information_of_real_tracks)
{
	uint8_t data[36] = { 0 };
	struct lathe_mmc_track_info out;

	/* A CD-RW formatted for packets. */
	mock_hex("0022 01 01 00 07 b2 00 00000000 00000000 00000000 00000020 "
		 "00048160 00000000 00 00 0000",
		 data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_track_info(data, 36, &out), 0);
	ck_assert_uint_eq(out.track, 1);
	ck_assert_uint_eq(out.session, 1);
	ck_assert_uint_eq(out.track_mode, 7);
	ck_assert(out.reserved && out.packet && out.fixed_packet && !out.blank);
	ck_assert_uint_eq(out.data_mode, 2);
	ck_assert(!out.has_next_writable);
	ck_assert_uint_eq(out.packet_blocks, 32);
	ck_assert_uint_eq(out.size_blocks, 295264);

	/* The invisible track behind a TAO session; numbers of two bytes. */
	mock_hex("0022 2d 2c 00 04 41 03 000060e0 000060e0 00051cc5 00000000 "
		 "00051cc5 00001234 01 01 0000",
		 data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_track_info(data, 36, &out), 0);
	ck_assert_uint_eq(out.track, 301);
	ck_assert_uint_eq(out.session, 300);
	ck_assert(out.has_next_writable && out.has_last_recorded);
	ck_assert_uint_eq(out.next_writable, 24800);
	ck_assert_uint_eq(out.free_blocks, 335045);
	ck_assert_uint_eq(out.last_recorded, 0x1234);
	cut_everywhere(track_info, data, 36, 28, LATHE_ERR_CORRUPT);
	announce_less(track_info, data, 36, 28, LATHE_ERR_CORRUPT, 2);

	/* The numbers' high bytes are the last ones that are looked at. */
	ck_assert_int_eq(lathe_mmc_parse_track_info(data, 34, &out), 0);
	ck_assert_uint_eq(out.track, 301);
	ck_assert_int_eq(lathe_mmc_parse_track_info(data, 33, &out), 0);
	ck_assert_uint_eq(out.track, 45);
	ck_assert_uint_eq(out.session, 44);
	/* What did not come is not believed. */
	ck_assert_int_eq(lathe_mmc_parse_track_info(data, 28, &out), 0);
	ck_assert(!out.has_last_recorded);
	ck_assert_uint_eq(out.track, 45);
	/* A write that failed. */
	data[5] = 0x24;
	ck_assert_int_eq(lathe_mmc_parse_track_info(data, 36, &out), 0);
	ck_assert(out.damaged);
}
END_TEST

/* ---- mode pages --------------------------------------------------------- */

START_TEST(mode_pages_are_found_behind_block_descriptors)
{
	uint8_t data[60 + 8] = { 0 };
	struct lathe_mmc_mode mode;

	/* Header, no descriptor, page 05h of 52 bytes with PS set. */
	mock_hex("003a 70 00 00 00 0000 85 32 41 c4 08", data, sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 60, 0x05, &mode), 0);
	ck_assert_uint_eq(mode.announced, 60);
	ck_assert_uint_eq(mode.page, 8);
	ck_assert_uint_eq(mode.page_len, 52);
	cut_everywhere(mode_05, data, 60, 60, LATHE_ERR_CORRUPT);
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 60, 0x2a, &mode),
			 LATHE_ERR_NOT_FOUND);
	/* A sub-page of it is another one. */
	data[8] = 0x45;
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 60, 0x05, &mode),
			 LATHE_ERR_NOT_FOUND);
	/* The header alone holds no page. */
	lathe_put_be16(data, 6);
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 60, 0x05, &mode),
			 LATHE_ERR_NOT_FOUND);

	/* An old drive sends a descriptor although DBD is set. */
	memset(data, 0, sizeof(data));
	mock_hex("0042 70 00 00 00 0008 00 000000 00 000800 05 32", data,
		 sizeof(data));
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 68, 0x05, &mode), 0);
	ck_assert_uint_eq(mode.page, 16);
	/* A descriptor length that leads nowhere. */
	lathe_put_be16(data + 6, 0xffff);
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 68, 0x05, &mode),
			 LATHE_ERR_CORRUPT);
	lathe_put_be16(data + 6, 59);
	ck_assert_int_eq(lathe_mmc_parse_mode_10(data, 68, 0x05, &mode),
			 LATHE_ERR_CORRUPT);
	for (size_t n = 0; n < 8; n++)
		ck_assert_uint_eq(lathe_mmc_mode_announced(data, n), 0);
}
END_TEST

START_TEST(short_write_pages_are_read_as_far_as_they_go)
{
	uint8_t page[52] = { 0 };
	struct lathe_mmc_write_parameters out;

	mock_hex("05 32 60 e5 08 10 00 00 20 00 00000010 0096", page,
		 sizeof(page));
	ck_assert_int_eq(lathe_mmc_parse_write_parameters(page, 52, &out), 0);
	ck_assert_uint_eq(out.write_type, LATHE_MMC_WRITE_PACKET);
	ck_assert(out.buffer_underrun_free && out.has_link_size);
	ck_assert(out.fixed_packet && !out.test_write);
	ck_assert_uint_eq(out.multi_session, 3);
	ck_assert_uint_eq(out.track_mode, 5);
	ck_assert_uint_eq(out.block_type, 8);
	ck_assert_uint_eq(out.link_size, 16);
	ck_assert_uint_eq(out.session_format, 0x20);
	ck_assert_uint_eq(out.packet_blocks, 16);
	ck_assert_uint_eq(out.audio_pause, 150);
	cut_everywhere(write_page, page, 52, 9, LATHE_ERR_CORRUPT);
	for (size_t n = 9; n <= 16; n++) {
		ck_assert_int_eq(
			lathe_mmc_parse_write_parameters(page, n, &out), 0);
		ck_assert_uint_eq(out.packet_blocks, n < 14 ? 0 : 16);
		ck_assert_uint_eq(out.audio_pause, n < 16 ? 0 : 150);
	}
}
END_TEST

START_TEST(capabilities_of_a_cd_rw_drive)
{
	uint8_t page[36] = { 0 };
	struct lathe_mmc_capabilities out;

	/* CD-R/-RW reader and writer with test write; BUF; tray, eject, lock,
	 * locked; buffer 2048 KiB; write speed 4x in the old place, 8x in the
	 * new one. */
	mock_hex("2a 22 03 07 f1 00 2b 00 1b90 0000 0800 1b90 0000 0dc8 02c2 "
		 "0000 0000 0000 0584 0000 0000 0000",
		 page, sizeof(page));
	ck_assert_int_eq(lathe_mmc_parse_capabilities(page, 36, &out), 0);
	ck_assert(out.reads_cd_r && out.reads_cd_rw);
	ck_assert(out.writes_cd_r && out.writes_cd_rw && out.test_write);
	ck_assert(!out.writes_dvd_r && !out.writes_dvd_ram);
	ck_assert(out.buffer_underrun_free);
	ck_assert_uint_eq(out.loader, 1);
	ck_assert(out.can_eject && out.can_lock && out.locked);
	ck_assert_uint_eq(out.buffer_bytes, 2048 * 1024);
	ck_assert_uint_eq(out.max_read_kb, 7056);
	ck_assert_uint_eq(out.read_kb, 7056);
	ck_assert_uint_eq(out.max_write_kb, 3528);
	ck_assert_uint_eq(out.write_kb, 1412);
	cut_everywhere(capabilities, page, 36, 14, LATHE_ERR_CORRUPT);
	/* MMC-2 pages end before the new place. */
	ck_assert_int_eq(lathe_mmc_parse_capabilities(page, 22, &out), 0);
	ck_assert_uint_eq(out.write_kb, 706);
	ck_assert_int_eq(lathe_mmc_parse_capabilities(page, 21, &out), 0);
	ck_assert_uint_eq(out.write_kb, 0);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc parsers");
	TCase *t = tcase_create("all");

	tcase_add_test(t, inquiry_texts_are_trimmed_and_printable);
	tcase_add_test(t, inquiry_texts_fill_their_fields);
	tcase_add_test(t, capacity_is_the_last_lba_and_the_block_size);
	tcase_add_test(t, sessions_format_names_the_last_complete_session);
	tcase_add_test(t, tracks_format_lists_tracks_and_lead_out);
	tcase_add_test(t, full_toc_of_a_real_two_session_disc);
	tcase_add_test(t, times_become_addresses);
	tcase_add_test(t, atip_of_a_cd_rw);
	tcase_add_test(t, media_and_busy_events);
	tcase_add_test(t, disc_information_of_an_appendable_disc);
	tcase_add_test(t, disc_information_of_real_discs);
	tcase_add_test(t, track_information_of_real_tracks);
	tcase_add_test(t, mode_pages_are_found_behind_block_descriptors);
	tcase_add_test(t, short_write_pages_are_read_as_far_as_they_go);
	tcase_add_test(t, capabilities_of_a_cd_rw_drive);
	suite_add_tcase(s, t);
	return run_suite(s);
}
