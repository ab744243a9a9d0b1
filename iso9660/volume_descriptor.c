/* SPDX-License-Identifier: MIT */
/*
 * The volume descriptor set, ECMA-119 8: the primary descriptor, one
 * supplementary descriptor for each further hierarchy, the terminator.
 */
#include <string.h>

#include "iso9660/mark_internal.h"
#include "iso9660/plan_internal.h"

const char *
lathe_iso9660_volume_text(const struct lathe_iso9660_volume *volume,
			  uint32_t i, struct lathe_iso9660_text *where)
{
	/* 8.4.5, 8.4.6, 8.4.19 to 8.4.25; 8.5.4, 8.5.5, 8.5.13 to 8.5.19
	 * for others. */
	static const struct lathe_iso9660_text fields[LATHE_ISO9660_TEXTS] = {
		{ 40, 32, LATHE_ISO9660_CHARACTERS_D },	/* volume */
		{ 8, 32, LATHE_ISO9660_CHARACTERS_A },	/* system */
		{ 190, 128, LATHE_ISO9660_CHARACTERS_D }, /* volume set */
		{ 318, 128, LATHE_ISO9660_CHARACTERS_A }, /* publisher */
		{ 446, 128, LATHE_ISO9660_CHARACTERS_A }, /* preparer */
		{ 574, 128, LATHE_ISO9660_CHARACTERS_A }, /* application */
		{ 702, 37, LATHE_ISO9660_CHARACTERS_FILE }, /* copyright */
		{ 739, 37, LATHE_ISO9660_CHARACTERS_FILE }, /* abstract */
		{ 776, 37, LATHE_ISO9660_CHARACTERS_FILE } /* bibliography */
	};
	const char *text;

	_Static_assert(offsetof(struct lathe_iso9660_volume,
				bibliographic_file) ==
			       (LATHE_ISO9660_TEXTS - 1) * sizeof(text),
		       "texts in a row");
	memcpy(&text, (const char *)volume + i * sizeof(text), sizeof(text));
	*where = fields[i];
	return text ? text : "";
}

/* 8.4.26.1: a date that is not given has digits 0 and a byte 00h. */
static void put_date(uint8_t *out, const uint8_t date[17])
{
	static const uint8_t none[17];

	if (memcmp(date, none, sizeof(none)) != 0) {
		memcpy(out, date, 17);
		return;
	}
	memset(out, '0', 16);
	out[16] = 0;
}

void lathep_iso9660_prepare_descriptor(
	struct lathep_iso9660_laid *laid,
	const struct lathe_iso9660_volume *volume)
{
	uint8_t *p = laid->descriptor;

	memset(p, 0, sizeof(laid->descriptor));
	laid->hierarchy->describe(laid->options, volume, p);
	lathe_put_both16(p + 120, 1);	/* volume set size, 8.4.10 */
	lathe_put_both16(p + 124, 1);	/* sequence number, 8.4.11 */
	lathe_put_both16(p + 128, LATHE_BLOCK_BYTES);
	put_date(p + 813, volume->created);
	put_date(p + 830, volume->modified);
	put_date(p + 847, volume->expires);
	put_date(p + 864, volume->effective);
	p[881] = 1;			/* file structure version, 8.4.30 */
}

/* Descriptors and the terminator. */
static uint64_t measure(struct lathe_iso9660_plan *plan,
			const struct lathep_iso9660_region *region)
{
	(void)region;
	return plan->hierarchies + 1;
}

static void root_extent(const struct lathe_iso9660_image *image, uint32_t h,
			uint32_t *lba, uint32_t *bytes)
{
	const struct lathep_iso9660_laid *laid = &image->plan->laid[h];
	const struct lathep_iso9660_dir *root =
		lathep_iso9660_at(&laid->dirs, 0);

	*lba = image->start + laid->first;
	*bytes = root->blocks * LATHE_BLOCK_BYTES;
}

static void put_root(const struct lathe_iso9660_image *image, uint32_t h,
		     uint8_t *out)
{
	static const uint8_t id = 0;
	struct lathep_iso9660_record record = { .id = &id, .id_len = 1,
						.flags = 0x02 };

	record.date = lathep_iso9660_node(image->plan->tree,
					  LATHE_ISO9660_ROOT)->date;
	root_extent(image, h, &record.lba, &record.bytes);
	lathep_iso9660_emit_record(&record, out);
}

/* As far as it lies before this one, whatever its mark claimed. */
static void put_previous(const struct lathe_iso9660_image *image,
			 struct lathe_iso9660_session *out)
{
	const struct lathe_iso9660_session *previous = &image->plan->previous;

	if (previous->start >= image->start)
		return;
	*out = *previous;
	if (out->blocks > image->start - out->start)
		out->blocks = image->start - out->start;
}

static void put_mark(const struct lathe_iso9660_image *image, uint8_t *pvd)
{
	const struct lathe_iso9660_plan *plan = image->plan;
	struct lathep_iso9660_mark mark;
	uint32_t h;

	memset(&mark, 0, sizeof(mark));
	mark.self.start = image->start;
	mark.self.blocks = plan->blocks;
	put_previous(image, &mark.previous);
	mark.metadata = plan->metadata;
	mark.hierarchies = plan->hierarchies;
	mark.directories = plan->laid[0].dirs.used;
	for (h = 1; h < plan->hierarchies; h++)
		mark.map[h] = image->start + plan->laid[h].map;
	for (h = 0; h < plan->hierarchies; h++)
		root_extent(image, h, &mark.root[h].lba, &mark.root[h].bytes);
	mark.crc = image->metadata_crc;
	lathep_iso9660_mark_write(pvd, &mark);
}

static void encode(const struct lathe_iso9660_image *image,
		   const struct lathep_iso9660_region *region, uint32_t i,
		   uint8_t *out)
{
	const struct lathe_iso9660_plan *plan = image->plan;
	const struct lathep_iso9660_laid *laid = &plan->laid[i];

	(void)region;
	if (i == plan->hierarchies) {
		/* The terminator, 8.3. */
		memset(out, 0, LATHE_BLOCK_BYTES);
		memcpy(out, "\377CD001\1", 7);
		return;
	}
	memcpy(out, laid->descriptor, LATHE_BLOCK_BYTES);
	/* Addresses are absolute, so the volume ends at an absolute one. */
	lathe_put_both32(out + 80, image->start + plan->blocks);
	lathe_put_both32(out + 132, (uint32_t)laid->path_bytes);
	lathe_put_le32(out + 140, image->start + laid->path_l);
	lathe_put_be32(out + 148, image->start + laid->path_m);
	put_root(image, i, out + 156);
	if (i == 0)
		put_mark(image, out);
}

const struct lathep_iso9660_provider lathep_iso9660_descriptors = {
	.measure = measure,
	.encode = encode
};
