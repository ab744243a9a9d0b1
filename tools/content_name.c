/* SPDX-License-Identifier: MIT */
/*
 * Names of files here as names on the disc: another character set, then
 * normalisation form C.
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

int content_name(void *ctx, const char *name, size_t len, char *out)
{
	struct content *content = ctx;
	char text[LATHE_ISO9660_NAME_MAX];
	int got;

	if (content->charset && content->nfc) {
		got = lathe_joliet_charset_to_utf8(content->charset, name, len,
						   text, sizeof(text));
		return got < 0 ? got
			       : nfc_name(content->nfc, text, (size_t)got, out);
	}
	if (content->nfc)
		return nfc_name(content->nfc, name, len, out);
	return lathe_joliet_charset_to_utf8(content->charset, name, len, out,
					    LATHE_ISO9660_NAME_MAX);
}
