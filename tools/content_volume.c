/* SPDX-License-Identifier: MIT */
/*
 * --volume: what is recorded of the name, as a disc that is looked at again
 * shows it.
 */
#include <string.h>

#include "session/lathe_session.h"
#include "tools/content.h"

bool content_renames(const struct content_options *options,
		     const struct lathe_iso9660_found *found)
{
	struct lathe_iso9660_primary_options primary = {
		.level = content_level(options)
	};

	return options->volume &&
	       !lathe_session_is_named(found, &primary, options->volume);
}

void content_tell_volume(struct content *content)
{
	const char *name = content->options->volume;
	struct lathe_iso9660_volume volume = { .volume_id = name };
	uint8_t descriptor[LATHE_BLOCK_BYTES] = { 0 };
	char form[129];

	if (!name)
		return;
	lathe_joliet_hierarchy.describe(NULL, &volume, descriptor);
	lathe_joliet_hierarchy.volume_id(descriptor, form);
	if (strcmp(form, name) != 0)
		note(content->tool, "the volume's name is %s where Joliet is "
				    "read", form);
}
