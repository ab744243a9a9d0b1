/* SPDX-License-Identifier: MIT */
/*
 * --volume: what is recorded of the name, as a disc that is looked at again
 * shows it.
 */
#include <string.h>

#include "tools/content.h"

static void form_of(const char *name, bool joliet, char out[129])
{
	const struct lathe_iso9660_hierarchy *hierarchy =
		joliet ? &lathe_joliet_hierarchy : &lathe_iso9660_primary;
	struct lathe_iso9660_volume volume = { .volume_id = name };
	uint8_t descriptor[LATHE_BLOCK_BYTES] = { 0 };

	hierarchy->describe(NULL, &volume, descriptor);
	hierarchy->volume_id(descriptor, out);
}

bool content_renames(const struct content_options *options,
		     const char *recorded, bool joliet)
{
	char form[129];

	if (!options->volume)
		return false;
	form_of(options->volume, joliet, form);
	return strcmp(form, recorded) != 0;
}

void content_tell_volume(struct content *content)
{
	const char *name = content->options->volume;
	char form[129];

	if (!name)
		return;
	form_of(name, true, form);
	if (strcmp(form, name) != 0)
		note(content->tool, "the volume's name is %s where Joliet is "
				    "read", form);
}
