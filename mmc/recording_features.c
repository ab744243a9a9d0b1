/* SPDX-License-Identifier: MIT */
/* recording_features.c - features of media that are recorded, MMC-6 5.3. */
#include "mmc/mmc_bytes.h"

/* The feature is 'code' and has at least 'least' bytes behind its header. */
static bool has(const struct lathe_mmc_feature *feature,
		enum lathe_mmc_feature_code code, size_t least)
{
	return feature->code == code && feature->len >= least;
}

int lathe_mmc_parse_feature_random(const struct lathe_mmc_feature *feature,
				   struct lathe_mmc_feature_random *out)
{
	const uint8_t *d = feature->data;

	if (!has(feature, LATHE_MMC_FEATURE_RANDOM_WRITABLE, 10))
		return LATHE_ERR_CORRUPT;
	out->last_lba = lathe_get_be32(d);
	out->block_bytes = lathe_get_be32(d + 4);
	out->blocking = lathe_get_be16(d + 8);
	return 0;
}

int lathe_mmc_parse_feature_formattable(
	const struct lathe_mmc_feature *feature,
	struct lathe_mmc_feature_formattable *out)
{
	const uint8_t *d = feature->data;

	/* Before BD the descriptor had no data at all. */
	if (!has(feature, LATHE_MMC_FEATURE_FORMATTABLE, 0))
		return LATHE_ERR_CORRUPT;
	memset(out, 0, sizeof(*out));
	if (feature->len < 5)
		return 0;
	out->keeps_spares = (d[0] & 0x08) != 0;
	out->expands = (d[0] & 0x04) != 0;
	out->quick_certifies = (d[0] & 0x02) != 0;
	out->certifies = (d[0] & 0x01) != 0;
	out->free_space = (d[1] & 0x80) != 0;
	out->random = (d[4] & 0x01) != 0;
	return 0;
}

int lathe_mmc_parse_feature_defects(const struct lathe_mmc_feature *feature,
				    bool *spares_told)
{
	if (!has(feature, LATHE_MMC_FEATURE_DEFECTS, 1))
		return LATHE_ERR_CORRUPT;
	*spares_told = (feature->data[0] & 0x80) != 0;
	return 0;
}

int lathe_mmc_parse_feature_plus(const struct lathe_mmc_feature *feature,
				 struct lathe_mmc_feature_plus *out)
{
	bool rewritable = has(feature, LATHE_MMC_FEATURE_DVD_PLUS_RW, 2) ||
			  has(feature, LATHE_MMC_FEATURE_DVD_PLUS_RW_DL, 2);

	if (!rewritable && !has(feature, LATHE_MMC_FEATURE_DVD_PLUS_R, 1) &&
	    !has(feature, LATHE_MMC_FEATURE_DVD_PLUS_R_DL, 1))
		return LATHE_ERR_CORRUPT;
	out->writes = (feature->data[0] & 0x01) != 0;
	out->quick_start = rewritable && (feature->data[1] & 0x02) != 0;
	out->close_only = rewritable && (feature->data[1] & 0x01) != 0;
	return 0;
}

int lathe_mmc_parse_feature_rigid(const struct lathe_mmc_feature *feature,
				  struct lathe_mmc_feature_rigid *out)
{
	if (!has(feature, LATHE_MMC_FEATURE_RIGID_OVERWRITE, 1))
		return LATHE_ERR_CORRUPT;
	out->generates_defects = (feature->data[0] & 0x08) != 0;
	out->reads_defects = (feature->data[0] & 0x04) != 0;
	out->intermediate = (feature->data[0] & 0x02) != 0;
	out->blanks = (feature->data[0] & 0x01) != 0;
	return 0;
}

int lathe_mmc_parse_feature_bd_write(const struct lathe_mmc_feature *feature,
				     struct lathe_mmc_feature_bd_write *out)
{
	const uint8_t *d = feature->data;

	if (!has(feature, LATHE_MMC_FEATURE_BD_WRITE, 20))
		return LATHE_ERR_CORRUPT;
	out->verify_can_be_off = (d[0] & 0x01) != 0;
	for (int i = 0; i < 2; i++) {
		out->re_classes[i] = lathe_get_be32(d + 4 + 4 * i);
		out->r_classes[i] = lathe_get_be32(d + 12 + 4 * i);
	}
	return 0;
}

int lathe_mmc_parse_feature_streaming(const struct lathe_mmc_feature *feature,
				      struct lathe_mmc_feature_streaming *out)
{
	uint8_t flags;

	if (!has(feature, LATHE_MMC_FEATURE_STREAMING, 1))
		return LATHE_ERR_CORRUPT;
	flags = feature->data[0];
	out->reads_buffer_capacity = (flags & 0x10) != 0;
	out->set_cd_speed = (flags & 0x08) != 0;
	out->mode_page_2a = (flags & 0x04) != 0;
	out->write_speeds = (flags & 0x02) != 0;
	out->streams = (flags & 0x01) != 0;
	return 0;
}
