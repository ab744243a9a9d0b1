/* SPDX-License-Identifier: MIT */
/*
 * Names of files here as names on the disc: another character set, then
 * normalisation form C, then what Joliet makes of them.
 */
#include <string.h>

#include "tools/content.h"
#include "tools/nfc.h"

int content_name_init(struct content *content)
{
	const struct content_options *options = content->options;
	int err;

	if (options->nfc)
		content->nfc = nfc_open();
	if (!options->charset)
		return STATUS_OK;
	err = lathe_joliet_charset_open(&content->tool->hooks, options->charset,
					&content->charset);
	if (err == LATHE_ERR_UNSUPPORTED)
		return complain_usage(content->tool,
				      "there is no character set '%s' here",
				      options->charset);
	if (err)
		return complain(content->tool, err, NULL, "--charset");
	return STATUS_OK;
}

void content_name_destroy(struct content *content)
{
	lathe_joliet_charset_close(content->charset);
	nfc_close(content->nfc);
	content->charset = NULL;
	content->nfc = NULL;
}

bool content_is_utf8(const char *name, size_t len)
{
	const uint8_t *p = (const uint8_t *)name;
	uint32_t point;
	unsigned used;

	for (; len > 0; p += used, len -= used) {
		used = lathe_iso9660_next_utf8(p, len, &point);
		if (used == 0 || (point >= 0xd800 && point <= 0xdfff))
			return false;
	}
	return true;
}

/* Without Rock Ridge a disc shows names as Joliet records them: an update
 * looks for these, and adds no other ones. What the disc has without Joliet
 * gets such names only now. */
bool content_names_as_joliet(const struct content *content)
{
	const struct content_options *options = content->options;

	return options->no_rock_ridge && !content->lacks_joliet &&
	       (options->update || options->mirror);
}

bool content_maps_names(const struct content *content)
{
	return content->charset || content->nfc ||
	       content_names_as_joliet(content);
}

/* A name of Joliet stays what it is in every later session. */
static int joliet_name(const struct content *content, const char *name,
		       size_t len, bool directory, char *out)
{
	const struct lathe_joliet_options options = {
		.long_names = content->options->joliet_long
	};
	const struct lathe_iso9660_hierarchy *joliet = &lathe_joliet_hierarchy;
	uint8_t id[LATHE_ISO9660_ID_MAX];
	uint32_t changed;
	int got;

	got = joliet->encode(&options, name, len, directory, 0, 0, id,
			     &changed);
	if (got <= 0)
		return LATHE_ERR_NAME;
	return joliet->decode(id, (uint8_t)got, directory, out);
}

int content_name(void *ctx, const char *name, size_t len, bool directory,
		 char *out)
{
	struct content *content = ctx;
	char text[2][LATHE_ISO9660_NAME_MAX];
	int got = (int)len;

	if (content->charset) {
		got = lathe_joliet_charset_to_utf8(content->charset, name, len,
						   text[0], sizeof(text[0]));
		name = text[0];
	}
	if (got > 0 && memchr(name, '/', (size_t)got))
		return LATHE_ERR_NAME;
	if (got > 0 && content->nfc) {
		got = nfc_name(content->nfc, name, (size_t)got, text[1]);
		name = text[1];
	}
	if (got > 0 && content_names_as_joliet(content))
		return joliet_name(content, name, (size_t)got, directory, out);
	if (got > (int)LATHE_ISO9660_NAME_MAX)
		return LATHE_ERR_NAME;
	if (got > 0)
		memcpy(out, name, (size_t)got);
	return got;
}
