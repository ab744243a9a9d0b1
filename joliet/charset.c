/* SPDX-License-Identifier: MIT */
/*
 * charset.c - names of other character sets, through the C library's iconv.
 *
 * Only where iconv is in libc itself: elsewhere it would be a library more
 * to link, and the calls say LATHE_ERR_UNSUPPORTED.
 */
#include "joliet/joliet_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_include)
#if __has_include(<iconv.h>) && (defined(__linux__) || defined(__FreeBSD__))
#define HAVE_ICONV 1
#endif
#endif

#ifdef HAVE_ICONV
#include <errno.h>
#include <iconv.h>

struct lathe_joliet_charset {
	struct lathe_hooks hooks;
	iconv_t iconv;
	size_t name_bytes;
	char name[];		/* with its NUL */
};

static void *resize(const struct lathe_hooks *hooks, void *p, size_t old_bytes,
		    size_t new_bytes)
{
	if (hooks->realloc)
		return hooks->realloc(hooks->ctx, p, old_bytes, new_bytes);
	if (new_bytes)
		return realloc(p, new_bytes);
	free(p);
	return NULL;
}

int lathe_joliet_charset_open(const struct lathe_hooks *hooks,
			      const char *name,
			      struct lathe_joliet_charset **out)
{
	static const struct lathe_hooks none;
	struct lathe_joliet_charset *charset;
	size_t name_bytes;

	if (!hooks)
		hooks = &none;
	if (!name || !out)
		return LATHE_ERR_ARG;
	name_bytes = strlen(name) + 1;
	charset = resize(hooks, NULL, 0, sizeof(*charset) + name_bytes);
	if (!charset)
		return LATHE_ERR_MEMORY;
	charset->hooks = *hooks;
	charset->name_bytes = name_bytes;
	memcpy(charset->name, name, name_bytes);
	charset->iconv = iconv_open("UTF-8", name);
	/* iconv's own value for "no such conversion". */
	if (charset->iconv == (iconv_t)-1) {
		resize(hooks, charset, sizeof(*charset) + name_bytes, 0);
		return LATHE_ERR_UNSUPPORTED;
	}
	*out = charset;
	return 0;
}

void lathe_joliet_charset_close(struct lathe_joliet_charset *charset)
{
	struct lathe_hooks hooks;

	if (!charset)
		return;
	hooks = charset->hooks;
	if (charset->iconv != (iconv_t)-1)
		iconv_close(charset->iconv);
	resize(&hooks, charset, sizeof(*charset) + charset->name_bytes, 0);
}

/* POSIX takes the input as "char **" but never writes to it. */
static char *unconst(const char *in)
{
	union {
		const char *in;
		char *out;
	} u = { in };

	return u.out;
}

/* Forget the shift state of the name before. That of POSIX's call is not
 * forgotten by all: musl ignores a conversion without input. */
static bool begin_anew(struct lathe_joliet_charset *charset)
{
#if defined(__linux__) && !defined(__GLIBC__)
	if (charset->iconv != (iconv_t)-1)
		iconv_close(charset->iconv);
	charset->iconv = iconv_open("UTF-8", charset->name);
	return charset->iconv != (iconv_t)-1;
#else
	iconv(charset->iconv, NULL, NULL, NULL, NULL);
	return true;
#endif
}

int lathe_joliet_charset_to_utf8(struct lathe_joliet_charset *charset,
				 const char *in, size_t len, char *out,
				 size_t room)
{
	char *from = unconst(in), *to = out;
	size_t left = room > INT_MAX ? INT_MAX : room;

	if (!begin_anew(charset))
		return LATHE_ERR_MEMORY;
	if (iconv(charset->iconv, &from, &len, &to, &left) == (size_t)-1)
		return errno == E2BIG ? LATHE_ERR_LIMIT : LATHE_ERR_NAME;
	/* A set with state may still hold back a character. */
	if (iconv(charset->iconv, NULL, NULL, &to, &left) == (size_t)-1)
		return errno == E2BIG ? LATHE_ERR_LIMIT : LATHE_ERR_NAME;
	return (int)(to - out);
}

#else

int lathe_joliet_charset_open(const struct lathe_hooks *hooks,
			      const char *name,
			      struct lathe_joliet_charset **out)
{
	(void)hooks;
	return name && out ? LATHE_ERR_UNSUPPORTED : LATHE_ERR_ARG;
}

void lathe_joliet_charset_close(struct lathe_joliet_charset *charset)
{
	(void)charset;
}

int lathe_joliet_charset_to_utf8(struct lathe_joliet_charset *charset,
				 const char *in, size_t len, char *out,
				 size_t room)
{
	(void)charset, (void)in, (void)len, (void)out, (void)room;
	return LATHE_ERR_UNSUPPORTED;
}

#endif
