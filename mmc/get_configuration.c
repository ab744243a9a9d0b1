/* SPDX-License-Identifier: MIT */
/* get_configuration.c - profiles and features, MMC-6 GET CONFIGURATION. */
#include "mmc/mmc_bytes.h"

enum { FEATURE_HEADER = 4 };

int lathe_mmc_encode_get_configuration(uint8_t *cdb, size_t room,
				       enum lathe_mmc_configuration_scope scope,
				       uint32_t start, uint32_t alloc)
{
	if ((unsigned)scope > LATHE_MMC_FEATURES_ONE || start > 0xffff)
		return LATHE_ERR_ARG;
	return lathep_mmc_cdb_10(cdb, room, LATHE_MMC_GET_CONFIGURATION,
				 (unsigned)scope, start << 16, alloc);
}

int lathe_mmc_parse_configuration(const uint8_t *data, size_t len,
				  struct lathe_mmc_configuration *out)
{
	if (len < LATHE_MMC_CONFIGURATION_HEADER_BYTES ||
	    lathep_mmc_announced32(data) < LATHE_MMC_CONFIGURATION_HEADER_BYTES)
		return LATHE_ERR_CORRUPT;
	out->announced = lathep_mmc_announced32(data);
	out->profile = lathe_get_be16(data + 6);
	return 0;
}

int lathe_mmc_next_feature(const uint8_t *data, size_t len, size_t *offset,
			   struct lathe_mmc_feature *out)
{
	size_t at = *offset, usable, body;

	if (len < LATHE_MMC_CONFIGURATION_HEADER_BYTES)
		return LATHE_ERR_NOT_FOUND;
	usable = lathep_mmc_min(len, lathep_mmc_announced32(data));
	if (at < LATHE_MMC_CONFIGURATION_HEADER_BYTES)
		at = LATHE_MMC_CONFIGURATION_HEADER_BYTES;
	if (at > usable || usable - at < FEATURE_HEADER)
		return LATHE_ERR_NOT_FOUND;
	body = data[at + 3];
	if (usable - at - FEATURE_HEADER < body)
		return LATHE_ERR_NOT_FOUND;

	out->code = lathe_get_be16(data + at);
	out->version = (data[at + 2] >> 2) & 0x0f;
	out->persistent = (data[at + 2] & 0x02) != 0;
	out->current = (data[at + 2] & 0x01) != 0;
	out->data = data + at + FEATURE_HEADER;
	out->len = body;
	*offset = at + FEATURE_HEADER + body;
	return 0;
}

int lathe_mmc_parse_feature_profile(const struct lathe_mmc_feature *feature,
				    uint32_t index, uint16_t *profile,
				    bool *current)
{
	const uint8_t *entry;

	if (feature->code != LATHE_MMC_FEATURE_PROFILE_LIST ||
	    index >= feature->len / 4)
		return LATHE_ERR_NOT_FOUND;
	entry = feature->data + 4 * (size_t)index;
	*profile = lathe_get_be16(entry);
	*current = (entry[2] & 0x01) != 0;
	return 0;
}

int lathe_mmc_parse_feature_core(const struct lathe_mmc_feature *feature,
				 uint32_t *interface_standard)
{
	if (feature->code != LATHE_MMC_FEATURE_CORE || feature->len < 4)
		return LATHE_ERR_CORRUPT;
	*interface_standard = lathe_get_be32(feature->data);
	return 0;
}

int lathe_mmc_parse_feature_removable(const struct lathe_mmc_feature *feature,
				      struct lathe_mmc_feature_removable *out)
{
	if (feature->code != LATHE_MMC_FEATURE_REMOVABLE || feature->len < 1)
		return LATHE_ERR_CORRUPT;
	out->mechanism = feature->data[0] >> 5;
	out->can_eject = (feature->data[0] & 0x08) != 0;
	out->can_lock = (feature->data[0] & 0x01) != 0;
	return 0;
}

int lathe_mmc_parse_feature_readable(const struct lathe_mmc_feature *feature,
				     struct lathe_mmc_feature_readable *out)
{
	if (feature->code != LATHE_MMC_FEATURE_RANDOM_READABLE ||
	    feature->len < 6)
		return LATHE_ERR_CORRUPT;
	out->block_bytes = lathe_get_be32(feature->data);
	out->blocking = lathe_get_be16(feature->data + 4);
	return 0;
}

int lathe_mmc_parse_feature_incremental(
	const struct lathe_mmc_feature *feature,
	struct lathe_mmc_feature_incremental *out)
{
	const uint8_t *d = feature->data;
	uint8_t sizes;

	if (feature->code != LATHE_MMC_FEATURE_INCREMENTAL || feature->len < 4)
		return LATHE_ERR_CORRUPT;
	sizes = (uint8_t)lathep_mmc_min(d[3], feature->len - 4);
	out->block_types = lathe_get_be16(d);
	out->buffer_underrun_free = (d[2] & 0x01) != 0;
	out->link_sizes = sizes;
	out->link_size = sizes ? d[4] : 0;
	for (uint8_t i = 0; i < sizes; i++)
		if (d[4 + i] == 16)
			out->link_size = 16;
	return 0;
}

int lathe_mmc_parse_feature_writing(const struct lathe_mmc_feature *feature,
				    struct lathe_mmc_feature_writing *out)
{
	const uint8_t *d = feature->data;
	bool tao = feature->code == LATHE_MMC_FEATURE_CD_TAO;

	if (!tao && feature->code != LATHE_MMC_FEATURE_CD_MASTERING &&
	    feature->code != LATHE_MMC_FEATURE_DVD_R_WRITE)
		return LATHE_ERR_CORRUPT;
	if (feature->len < 4)
		return LATHE_ERR_CORRUPT;
	out->buffer_underrun_free = (d[0] & 0x40) != 0;
	out->test_write = (d[0] & 0x04) != 0;
	out->rewritable = (d[0] & 0x02) != 0;
	out->block_types = tao ? lathe_get_be16(d + 2) : 0;
	return 0;
}
