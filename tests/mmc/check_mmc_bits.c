/* SPDX-License-Identifier: MIT */
/*
 * Each bit of each reply alone: it changes the field that the standard has
 * there, and no other one; bits that are reserved change nothing. Layouts of
 * SPC-3 and MMC-6.
 */
#include <check.h>
#include <stddef.h>
#include <string.h>

#include "mmc/lathe_mmc_commands.h"
#include "tests/mmc/lib_cut.h"
#include "tests/mmc/mock_drive.h"
#include "tests/suite.h"

/* Bits 'low' and up of a byte are bits 'left' and up of a field. */
struct place {
	size_t byte;
	unsigned low, width, left;
	size_t field, size; /* 0: the reply is refused */
};

#define AT(type, field) \
	offsetof(struct type, field), sizeof(((struct type *)0)->field)
#define BITS(byte, low, width, ...)                  \
	{                                            \
		byte, low, width, 0, AT(__VA_ARGS__) \
	}
#define FLAG(byte, bit, ...) BITS(byte, bit, 1, __VA_ARGS__)
#define PART(byte, left, ...)                     \
	{                                         \
		byte, 0, 8, left, AT(__VA_ARGS__) \
	}
#define BYTE(byte, ...) PART(byte, 0, __VA_ARGS__)
#define BE16(byte, ...) \
	PART(byte, 8, __VA_ARGS__), PART((byte) + 1, 0, __VA_ARGS__)
#define BE24(byte, ...) \
	PART(byte, 16, __VA_ARGS__), BE16((byte) + 1, __VA_ARGS__)
#define BE32(byte, ...) \
	PART(byte, 24, __VA_ARGS__), BE24((byte) + 1, __VA_ARGS__)

static uint32_t value_of(const void *out, const struct place *p)
{
	const uint8_t *at = (const uint8_t *)out + p->field;
	uint16_t half;
	uint32_t word;

	if (p->size < 2)
		return p->size ? *at : 0;
	memcpy(&half, at, sizeof(half));
	if (p->size == 2)
		return half;
	memcpy(&word, at, sizeof(word));
	return word;
}

/* A reply, what it is parsed by, and from which byte on its bits are tried:
 * those that are not set in it. */
struct layout {
	parser *parse;
	const char *name;
	const char *reply;
	size_t from;
	const struct place *places;
	size_t count;
};

static bool covers(const struct place *p, size_t bit)
{
	return p->byte == bit / 8 && bit % 8 >= p->low &&
	       bit % 8 < p->low + p->width;
}

/* By how much 'bit' changes the field at 'field'. */
static uint32_t change_of(const struct layout *l, size_t bit, size_t field)
{
	uint32_t change = 0;

	for (size_t i = 0; i < l->count; i++) {
		const struct place *p = &l->places[i];

		if (covers(p, bit) && p->size && p->field == field)
			change += 1u << bit % 8 >> p->low << p->left;
	}
	return change;
}

static bool is_refused(const struct layout *l, size_t bit)
{
	for (size_t i = 0; i < l->count; i++)
		if (covers(&l->places[i], bit) && !l->places[i].size)
			return true;
	return false;
}

static void try_bit(const struct layout *l, const uint8_t *reply, size_t len,
		    size_t bit)
{
	uint8_t data[128];
	uint64_t before[OUT_ROOM / 8] = { 0 }, after[OUT_ROOM / 8] = { 0 };
	int err;

	memcpy(data, reply, len);
	ck_assert_msg(l->parse(data, len, before) == 0, "%s", l->name);
	data[bit / 8] |= (uint8_t)(1u << bit % 8);
	err = l->parse(data, len, after);
	ck_assert_msg(err == (is_refused(l, bit) ? LATHE_ERR_CORRUPT : 0),
		      "%s: byte %zu, bit %zu", l->name, bit / 8, bit % 8);
	for (size_t i = 0; i < l->count && err == 0; i++) {
		const struct place *p = &l->places[i];
		uint32_t got = value_of(after, p);
		uint32_t want =
			value_of(before, p) + change_of(l, bit, p->field);

		ck_assert_msg(!p->size || got == want,
			      "%s: byte %zu, bit %zu: the field of byte %zu, "
			      "bit %u is %lu, not %lu",
			      l->name, bit / 8, bit % 8, p->byte, p->low,
			      (unsigned long)got, (unsigned long)want);
	}
}

/* ---- any unit ----------------------------------------------------------- */

FACE(inquiry, lathe_mmc_inquiry, lathe_mmc_parse_inquiry)
FACE(capacity, lathe_mmc_capacity, lathe_mmc_parse_capacity)
FACE(mechanism, lathe_mmc_mechanism, lathe_mmc_parse_mechanism)
FACE(no_event, lathe_mmc_event, lathe_mmc_parse_event)
FACE(event, lathe_mmc_event, lathe_mmc_parse_event)
FACE(busy_event, lathe_mmc_event, lathe_mmc_parse_event)

/* SPC-3 6.4.2; the texts stand elsewhere. */
static const struct place in_inquiry[] = {
	BITS(0, 0, 5, lathe_mmc_inquiry, device_type),
	FLAG(1, 7, lathe_mmc_inquiry, removable),
	BYTE(2, lathe_mmc_inquiry, version),
	BITS(3, 0, 4, lathe_mmc_inquiry, format),
};
static const struct place in_capacity[] = {
	BE32(0, lathe_mmc_capacity, last_lba),
	BE32(4, lathe_mmc_capacity, block_bytes),
};
static const struct place in_mechanism[] = {
	FLAG(0, 7, lathe_mmc_mechanism, fault),
	BITS(0, 5, 2, lathe_mmc_mechanism, changer_state),
	BITS(0, 0, 5, lathe_mmc_mechanism, slot),
	BITS(1, 5, 3, lathe_mmc_mechanism, state),
	FLAG(1, 4, lathe_mmc_mechanism, door_open),
	BE24(2, lathe_mmc_mechanism, lba),
	BYTE(5, lathe_mmc_mechanism, slots),
};
static const struct place in_no_event[] = {
	BITS(2, 0, 3, lathe_mmc_event, class_code),
	BYTE(3, lathe_mmc_event, supported),
};
static const struct place in_event[] = {
	BYTE(3, lathe_mmc_event, supported),
	BITS(4, 0, 4, lathe_mmc_event, code),
	FLAG(5, 1, lathe_mmc_event, medium_present),
	FLAG(5, 0, lathe_mmc_event, tray_open),
};
static const struct place in_busy_event[] = {
	BYTE(3, lathe_mmc_event, supported),
	BITS(4, 0, 4, lathe_mmc_event, code),
	BITS(5, 0, 4, lathe_mmc_event, busy),
};

/* ---- the disc ----------------------------------------------------------- */

FACE(disc_info, lathe_mmc_disc_info, lathe_mmc_parse_disc_info)
FACE(track_info, lathe_mmc_track_info, lathe_mmc_parse_track_info)
FACE(atip, lathe_mmc_atip, lathe_mmc_parse_atip)
ENTRY(toc_track, lathe_mmc_toc_track, lathe_mmc_parse_toc_track, 0)
ENTRY(full_toc, lathe_mmc_full_toc_entry, lathe_mmc_parse_full_toc_entry, 0)

static const struct place in_disc_info[] = {
	{ 2, 5, 3, 0, 0, 0 }, /* other data types */
	FLAG(2, 4, lathe_mmc_disc_info, erasable),
	BITS(2, 2, 2, lathe_mmc_disc_info, session_state),
	BITS(2, 0, 2, lathe_mmc_disc_info, disc_status),
	BYTE(3, lathe_mmc_disc_info, first_track),
	BYTE(4, lathe_mmc_disc_info, sessions),
	PART(9, 8, lathe_mmc_disc_info, sessions),
	BYTE(5, lathe_mmc_disc_info, last_session_first_track),
	PART(10, 8, lathe_mmc_disc_info, last_session_first_track),
	BYTE(6, lathe_mmc_disc_info, last_session_last_track),
	PART(11, 8, lathe_mmc_disc_info, last_session_last_track),
	FLAG(7, 7, lathe_mmc_disc_info, has_disc_id),
	BITS(7, 0, 2, lathe_mmc_disc_info, background_format),
	BYTE(8, lathe_mmc_disc_info, disc_type),
	BE32(12, lathe_mmc_disc_info, disc_id),
	BE32(16, lathe_mmc_disc_info, last_lead_in),
	BE32(20, lathe_mmc_disc_info, last_lead_out),
	BYTE(33, lathe_mmc_disc_info, opc_entries),
};
static const struct place in_track_info[] = {
	BYTE(2, lathe_mmc_track_info, track),
	PART(32, 8, lathe_mmc_track_info, track),
	BYTE(3, lathe_mmc_track_info, session),
	PART(33, 8, lathe_mmc_track_info, session),
	FLAG(5, 5, lathe_mmc_track_info, damaged),
	FLAG(5, 4, lathe_mmc_track_info, copy),
	BITS(5, 0, 4, lathe_mmc_track_info, track_mode),
	FLAG(6, 7, lathe_mmc_track_info, reserved),
	FLAG(6, 6, lathe_mmc_track_info, blank),
	FLAG(6, 5, lathe_mmc_track_info, packet),
	FLAG(6, 4, lathe_mmc_track_info, fixed_packet),
	BITS(6, 0, 4, lathe_mmc_track_info, data_mode),
	FLAG(7, 1, lathe_mmc_track_info, has_last_recorded),
	FLAG(7, 0, lathe_mmc_track_info, has_next_writable),
	BE32(8, lathe_mmc_track_info, start),
	BE32(12, lathe_mmc_track_info, next_writable),
	BE32(16, lathe_mmc_track_info, free_blocks),
	BE32(20, lathe_mmc_track_info, packet_blocks),
	BE32(24, lathe_mmc_track_info, size_blocks),
	BE32(28, lathe_mmc_track_info, last_recorded),
};
static const struct place in_atip[] = {
	BITS(4, 4, 3, lathe_mmc_atip, writing_power),
	BITS(4, 0, 3, lathe_mmc_atip, reference_speed),
	FLAG(5, 6, lathe_mmc_atip, unrestricted),
	FLAG(6, 6, lathe_mmc_atip, rewritable),
	BITS(6, 3, 3, lathe_mmc_atip, sub_type),
	BYTE(8, lathe_mmc_atip, lead_in[0]),
	BYTE(9, lathe_mmc_atip, lead_in[1]),
	BYTE(10, lathe_mmc_atip, lead_in[2]),
	BYTE(12, lathe_mmc_atip, last_lead_out[0]),
	BYTE(13, lathe_mmc_atip, last_lead_out[1]),
	BYTE(14, lathe_mmc_atip, last_lead_out[2]),
};
static const struct place in_toc_track[] = {
	BITS(5, 4, 4, lathe_mmc_toc_track, adr),
	BITS(5, 0, 4, lathe_mmc_toc_track, control),
	FLAG(5, 2, lathe_mmc_toc_track, data),
	BYTE(6, lathe_mmc_toc_track, number),
	BE32(8, lathe_mmc_toc_track, start),
};
static const struct place in_full_toc[] = {
	BYTE(4, lathe_mmc_full_toc_entry, session),
	BITS(5, 4, 4, lathe_mmc_full_toc_entry, adr),
	BITS(5, 0, 4, lathe_mmc_full_toc_entry, control),
	BYTE(6, lathe_mmc_full_toc_entry, tno),
	BYTE(7, lathe_mmc_full_toc_entry, point),
	BYTE(8, lathe_mmc_full_toc_entry, min),
	BYTE(9, lathe_mmc_full_toc_entry, sec),
	BYTE(10, lathe_mmc_full_toc_entry, frame),
	BYTE(11, lathe_mmc_full_toc_entry, zero),
	BYTE(12, lathe_mmc_full_toc_entry, pmin),
	BYTE(13, lathe_mmc_full_toc_entry, psec),
	BYTE(14, lathe_mmc_full_toc_entry, pframe),
};

/* ---- DVD and BD --------------------------------------------------------- */

FACE(dvd_physical, lathe_mmc_dvd_physical, lathe_mmc_parse_dvd_physical)
FACE(bd_spares, lathe_mmc_bd_spares, lathe_mmc_parse_bd_spares)
FACE(layer_break, lathe_mmc_layer_break, lathe_mmc_parse_layer_break)
FACE(capacities, lathe_mmc_format_capacities, lathe_mmc_parse_format_capacities)
ENTRY(formattable, lathe_mmc_formattable, lathe_mmc_parse_formattable, 0)
ENTRY(nominal, lathe_mmc_nominal, lathe_mmc_parse_nominal, 0)
ENTRY(write_speed, lathe_mmc_speed, lathe_mmc_parse_write_speed, 0)

/* Byte 4 is the first one of the structure. */
static const struct place in_dvd_physical[] = {
	BITS(4, 4, 4, lathe_mmc_dvd_physical, book),
	BITS(6, 5, 2, lathe_mmc_dvd_physical, layers),
	BE24(9, lathe_mmc_dvd_physical, first_sector),
	BE24(13, lathe_mmc_dvd_physical, last_sector),
	BE24(17, lathe_mmc_dvd_physical, layer_0_end),
	BE32(36, lathe_mmc_dvd_physical, border_out),
	BE32(40, lathe_mmc_dvd_physical, next_border_in),
};
static const struct place in_bd_spares[] = {
	BE32(4, lathe_mmc_bd_spares, free_blocks),
	BE32(8, lathe_mmc_bd_spares, all_blocks),
};
static const struct place in_layer_break[] = {
	FLAG(4, 7, lathe_mmc_layer_break, fixed),
	BE32(8, lathe_mmc_layer_break, layer_0_blocks),
};
static const struct place in_capacities[] = {
	BE32(4, lathe_mmc_format_capacities, blocks),
	BITS(8, 0, 2, lathe_mmc_format_capacities, state),
};
static const struct place in_formattable[] = {
	BE32(12, lathe_mmc_formattable, blocks),
	BITS(16, 2, 6, lathe_mmc_formattable, type),
	BE24(17, lathe_mmc_formattable, parameter),
};
static const struct place in_nominal[] = {
	BE32(8, lathe_mmc_nominal, start_lba),
	BE32(12, lathe_mmc_nominal, start_kb),
	BE32(16, lathe_mmc_nominal, end_lba),
	BE32(20, lathe_mmc_nominal, end_kb),
};
static const struct place in_write_speed[] = {
	BITS(8, 3, 2, lathe_mmc_speed, rotation),
	FLAG(8, 1, lathe_mmc_speed, exact),
	BE32(12, lathe_mmc_speed, end_lba),
	BE32(16, lathe_mmc_speed, read_kb),
	BE32(20, lathe_mmc_speed, write_kb),
};

/* ---- mode pages, without their header ----------------------------------- */

FACE(write_page, lathe_mmc_write_parameters, lathe_mmc_parse_write_parameters)
FACE(capabilities, lathe_mmc_capabilities, lathe_mmc_parse_capabilities)

static const struct place in_write_page[] = {
	FLAG(2, 6, lathe_mmc_write_parameters, buffer_underrun_free),
	FLAG(2, 5, lathe_mmc_write_parameters, has_link_size),
	FLAG(2, 4, lathe_mmc_write_parameters, test_write),
	BITS(2, 0, 4, lathe_mmc_write_parameters, write_type),
	BITS(3, 6, 2, lathe_mmc_write_parameters, multi_session),
	FLAG(3, 5, lathe_mmc_write_parameters, fixed_packet),
	BITS(3, 0, 4, lathe_mmc_write_parameters, track_mode),
	BITS(4, 0, 4, lathe_mmc_write_parameters, block_type),
	BYTE(5, lathe_mmc_write_parameters, link_size),
	BYTE(8, lathe_mmc_write_parameters, session_format),
	BE32(10, lathe_mmc_write_parameters, packet_blocks),
	BE16(14, lathe_mmc_write_parameters, audio_pause),
};
/* The buffer is told in KiB. The current write speed has moved from byte 20
 * to byte 28. */
static const struct place in_capabilities[] = {
	FLAG(2, 1, lathe_mmc_capabilities, reads_cd_rw),
	FLAG(2, 0, lathe_mmc_capabilities, reads_cd_r),
	FLAG(3, 5, lathe_mmc_capabilities, writes_dvd_ram),
	FLAG(3, 4, lathe_mmc_capabilities, writes_dvd_r),
	FLAG(3, 2, lathe_mmc_capabilities, test_write),
	FLAG(3, 1, lathe_mmc_capabilities, writes_cd_rw),
	FLAG(3, 0, lathe_mmc_capabilities, writes_cd_r),
	FLAG(4, 7, lathe_mmc_capabilities, buffer_underrun_free),
	BITS(6, 5, 3, lathe_mmc_capabilities, loader),
	FLAG(6, 3, lathe_mmc_capabilities, can_eject),
	FLAG(6, 1, lathe_mmc_capabilities, locked),
	FLAG(6, 0, lathe_mmc_capabilities, can_lock),
	BE16(8, lathe_mmc_capabilities, max_read_kb),
	PART(12, 18, lathe_mmc_capabilities, buffer_bytes),
	PART(13, 10, lathe_mmc_capabilities, buffer_bytes),
	BE16(14, lathe_mmc_capabilities, read_kb),
	BE16(18, lathe_mmc_capabilities, max_write_kb),
	BE16(20, lathe_mmc_capabilities, write_kb),
	BE16(28, lathe_mmc_capabilities, write_kb),
};

/* ---- features, MMC-6 5.3, without their header -------------------------- */

#define FEATURE(name, number, call)                                    \
	static int name(const uint8_t *data, size_t len, void *out)    \
	{                                                              \
		struct lathe_mmc_feature feature = { .code = (number), \
						     .data = data,     \
						     .len = len };     \
		return call(&feature, out);                            \
	}

FEATURE(removable, 0x0003, lathe_mmc_parse_feature_removable)
FEATURE(readable, 0x0010, lathe_mmc_parse_feature_readable)
FEATURE(random_writable, 0x0020, lathe_mmc_parse_feature_random)
FEATURE(bd_formattable, 0x0023, lathe_mmc_parse_feature_formattable)
FEATURE(plus_rw, 0x002a, lathe_mmc_parse_feature_plus)
FEATURE(plus_r, 0x002b, lathe_mmc_parse_feature_plus)
FEATURE(rigid, 0x002c, lathe_mmc_parse_feature_rigid)
FEATURE(tao, 0x002d, lathe_mmc_parse_feature_writing)
FEATURE(mastering, 0x002e, lathe_mmc_parse_feature_writing)
FEATURE(dvd_r_write, 0x002f, lathe_mmc_parse_feature_writing)
FEATURE(bd_write, 0x0041, lathe_mmc_parse_feature_bd_write)
FEATURE(streaming, 0x0107, lathe_mmc_parse_feature_streaming)

/* Any feature; one that is cut is none. */
static int descriptor(const uint8_t *data, size_t len, void *out)
{
	size_t offset = 0;

	return lathe_mmc_next_feature(data, len, &offset, out)
		       ? LATHE_ERR_CORRUPT
		       : 0;
}

static const struct place in_descriptor[] = {
	BE16(8, lathe_mmc_feature, code),
	BITS(10, 2, 4, lathe_mmc_feature, version),
	FLAG(10, 1, lathe_mmc_feature, persistent),
	FLAG(10, 0, lathe_mmc_feature, current),
	{ 11, 0, 8, 0, 0, 0 }, /* longer than what came */
};
static const struct place in_removable[] = {
	BITS(0, 5, 3, lathe_mmc_feature_removable, mechanism),
	FLAG(0, 3, lathe_mmc_feature_removable, can_eject),
	FLAG(0, 0, lathe_mmc_feature_removable, can_lock),
};
static const struct place in_readable[] = {
	BE32(0, lathe_mmc_feature_readable, block_bytes),
	BE16(4, lathe_mmc_feature_readable, blocking),
};
static const struct place in_random_writable[] = {
	BE32(0, lathe_mmc_feature_random, last_lba),
	BE32(4, lathe_mmc_feature_random, block_bytes),
	BE16(8, lathe_mmc_feature_random, blocking),
};
static const struct place in_bd_formattable[] = {
	FLAG(0, 3, lathe_mmc_feature_formattable, keeps_spares),
	FLAG(0, 2, lathe_mmc_feature_formattable, expands),
	FLAG(0, 1, lathe_mmc_feature_formattable, quick_certifies),
	FLAG(0, 0, lathe_mmc_feature_formattable, certifies),
	FLAG(1, 7, lathe_mmc_feature_formattable, free_space),
	FLAG(4, 0, lathe_mmc_feature_formattable, random),
};
static const struct place in_plus_rw[] = {
	FLAG(0, 0, lathe_mmc_feature_plus, writes),
	FLAG(1, 1, lathe_mmc_feature_plus, quick_start),
	FLAG(1, 0, lathe_mmc_feature_plus, close_only),
};
/* The others are never told. */
static const struct place in_plus_r[] = {
	FLAG(0, 0, lathe_mmc_feature_plus, writes),
	{ 9, 0, 0, 0, AT(lathe_mmc_feature_plus, quick_start) },
	{ 9, 0, 0, 0, AT(lathe_mmc_feature_plus, close_only) },
};
static const struct place in_rigid[] = {
	FLAG(0, 3, lathe_mmc_feature_rigid, generates_defects),
	FLAG(0, 2, lathe_mmc_feature_rigid, reads_defects),
	FLAG(0, 1, lathe_mmc_feature_rigid, intermediate),
	FLAG(0, 0, lathe_mmc_feature_rigid, blanks),
};
static const struct place in_tao[] = {
	FLAG(0, 6, lathe_mmc_feature_writing, buffer_underrun_free),
	FLAG(0, 2, lathe_mmc_feature_writing, test_write),
	FLAG(0, 1, lathe_mmc_feature_writing, rewritable),
	BE16(2, lathe_mmc_feature_writing, block_types),
};
/* Mastering has the size of a cue sheet where TAO has its block types. */
static const struct place in_mastering[] = {
	FLAG(0, 6, lathe_mmc_feature_writing, buffer_underrun_free),
	FLAG(0, 2, lathe_mmc_feature_writing, test_write),
	FLAG(0, 1, lathe_mmc_feature_writing, rewritable),
	{ 9, 0, 0, 0, AT(lathe_mmc_feature_writing, block_types) },
};
static const struct place in_bd_write[] = {
	FLAG(0, 0, lathe_mmc_feature_bd_write, verify_can_be_off),
	BE32(4, lathe_mmc_feature_bd_write, re_classes[0]),
	BE32(8, lathe_mmc_feature_bd_write, re_classes[1]),
	BE32(12, lathe_mmc_feature_bd_write, r_classes[0]),
	BE32(16, lathe_mmc_feature_bd_write, r_classes[1]),
};
static const struct place in_streaming[] = {
	FLAG(0, 4, lathe_mmc_feature_streaming, reads_buffer_capacity),
	FLAG(0, 3, lathe_mmc_feature_streaming, set_cd_speed),
	FLAG(0, 2, lathe_mmc_feature_streaming, mode_page_2a),
	FLAG(0, 1, lathe_mmc_feature_streaming, write_speeds),
	FLAG(0, 0, lathe_mmc_feature_streaming, streams),
};

/* ---- all of them -------------------------------------------------------- */

#define ZEROS_4 "00000000"
#define ZEROS_8 ZEROS_4 ZEROS_4
#define ZEROS_16 ZEROS_8 ZEROS_8
#define LAYOUT_OF(name, places, reply, from)                                  \
	{                                                                     \
		name, #name, reply, from, places,                             \
			sizeof(places) / sizeof(*places)                      \
	}
#define LAYOUT(name, reply, from) LAYOUT_OF(name, in_##name, reply, from)

static const struct layout layouts[] = {
	LAYOUT(inquiry, "0000 0000 3b 000000" ZEROS_16 ZEROS_8 ZEROS_4, 0),
	LAYOUT(capacity, ZEROS_8, 0),
	LAYOUT(mechanism, ZEROS_8, 0),
	LAYOUT(no_event, "0002 80 00", 2),
	LAYOUT(event, "0006 04 00 01 00 0000", 3),
	LAYOUT(busy_event, "0006 06 00 01 00 0000", 3),
	LAYOUT(disc_info, "0020 0000" ZEROS_16 ZEROS_8 ZEROS_4 "0000", 2),
	LAYOUT(track_info, "0022 0000" ZEROS_16 ZEROS_16, 2),
	LAYOUT(atip, "001a 0000" ZEROS_16 ZEROS_8, 2),
	LAYOUT(toc_track, "000a 0000" ZEROS_8, 2),
	LAYOUT(full_toc, "000d 0000" ZEROS_8 "000000", 2),
	LAYOUT(dvd_physical, "002a 0000" ZEROS_16 ZEROS_16 ZEROS_8, 2),
	LAYOUT(bd_spares, "000a 0000" ZEROS_8, 2),
	LAYOUT(layer_break, "000a 0000" ZEROS_8, 2),
	LAYOUT(capacities, "00000010" ZEROS_16, 4),
	LAYOUT(formattable, "00000010" ZEROS_16, 4),
	LAYOUT(nominal, "00000014" ZEROS_16 ZEROS_4, 4),
	LAYOUT(write_speed, "00000014" ZEROS_16 ZEROS_4, 4),
	LAYOUT(write_page, ZEROS_16 ZEROS_4, 0),
	LAYOUT(capabilities, ZEROS_16 ZEROS_16, 0),
	LAYOUT(descriptor, "0000000c 00000000 000000 04" ZEROS_4, 8),
	LAYOUT(removable, ZEROS_4, 0),
	LAYOUT(readable, ZEROS_8, 0),
	LAYOUT(random_writable, ZEROS_8 ZEROS_4, 0),
	LAYOUT(bd_formattable, ZEROS_8, 0),
	LAYOUT(plus_rw, ZEROS_4, 0),
	LAYOUT(plus_r, ZEROS_4, 0),
	LAYOUT(rigid, ZEROS_4, 0),
	LAYOUT(tao, ZEROS_4, 0),
	LAYOUT(mastering, ZEROS_4, 0),
	LAYOUT_OF(dvd_r_write, in_mastering, ZEROS_4, 0),
	LAYOUT(bd_write, ZEROS_16 ZEROS_4, 0),
	LAYOUT(streaming, ZEROS_4, 0),
};

START_TEST(each_bit_alone_is_its_field)
{
	const struct layout *l = &layouts[_i];
	uint8_t reply[128];
	size_t len = mock_hex(l->reply, reply, sizeof(reply));

	for (size_t bit = 8 * l->from; bit < 8 * len; bit++)
		if (!(reply[bit / 8] & 1u << bit % 8))
			try_bit(l, reply, len, bit);
}
END_TEST

int main(void)
{
	Suite *s = suite_create("mmc bits");
	TCase *t = tcase_create("all");

	tcase_add_loop_test(t, each_bit_alone_is_its_field, 0,
			    (int)(sizeof(layouts) / sizeof(*layouts)));
	suite_add_tcase(s, t);
	return run_suite(s);
}
