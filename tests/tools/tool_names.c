/* SPDX-License-Identifier: MIT */
/*
 * Names and patterns for other programs to compare: texts that end with NUL
 * from standard input, one answer each, NUL behind it.
 *	nfc		the name; an answer of one byte 01h: refused
 *	glob		pattern and path in turn: "1" or "0"
 */
#include <stdlib.h>
#include <string.h>

#include "tools/glob.c"
#include "tools/nfc.c"

void *must_realloc(void *p, size_t bytes)
{
	p = realloc(p, bytes);
	if (!p)
		abort();
	return p;
}

/* Exactly as long as it is, so that a read too far is seen. */
static char *next_text(size_t *len)
{
	char *text = NULL, *exact;
	size_t room = 0;
	int c;

	for (*len = 0; (c = getchar()) != EOF && c != 0; ++*len) {
		if (*len == room) {
			room = room ? room * 2 : 16;
			text = must_realloc(text, room);
		}
		text[*len] = (char)c;
	}
	if (c == EOF) {
		free(text);
		return NULL;
	}
	exact = must_realloc(NULL, *len + 1);
	if (*len)
		memcpy(exact, text, *len);
	exact[*len] = 0;
	free(text);
	return exact;
}

static void normalise(void)
{
	struct nfc *nfc = nfc_open();
	char out[LATHE_ISO9660_NAME_MAX], *text, *exact;
	size_t len;
	int got;

	while ((text = next_text(&len)) != NULL) {
		exact = must_realloc(NULL, len ? len : 1);
		memcpy(exact, text, len);
		got = nfc_name(nfc, exact, len, out);
		if (got < 0)
			putchar(1);
		else
			fwrite(out, 1, (size_t)got, stdout);
		putchar(0);
		free(exact);
		free(text);
	}
	nfc_close(nfc);
}

static void match(void)
{
	char *pattern, *path;
	size_t len;

	while ((pattern = next_text(&len)) != NULL) {
		path = next_text(&len);
		if (!path)
			abort();
		putchar(glob_path(pattern, path) ? '1' : '0');
		putchar(0);
		free(pattern);
		free(path);
	}
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (strcmp(argv[1], "nfc") == 0)
		normalise();
	else
		match();
	return 0;
}
