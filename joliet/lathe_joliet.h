/* SPDX-License-Identifier: MIT */
/*
 * lathe_joliet.h - the Joliet hierarchy of an ISO 9660 volume: names in
 * Unicode, up to 64 units, in a tree of directory records of its own.
 *
 * Standard: Joliet Specification 1.0 (Microsoft, 1995), over ECMA-119.
 * No state: everything here is a constant or a pure function, but for the
 * character set object.
 */
#ifndef LATHE_JOLIET_H
#define LATHE_JOLIET_H

#include "iso9660/lathe_iso9660.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Options of lathe_joliet_hierarchy; NULL stands for all zero. Borrowed as long
 * as plans made with them. */
struct lathe_joliet_options {
	bool long_names;	/* 103 units instead of 64 */
};

/*
 * Plug it in: { &lathe_joliet_hierarchy, &options }.
 * Characters that Joliet forbids (0000h-001Fh, * / : ; ? \) are mapped to
 * "_", names beyond the limit are cut before a high surrogate, clashes are
 * numbered before the extension. Code points above FFFFh are recorded as
 * surrogate pairs. Writes level 3, recognises levels 1 to 3.
 */
extern const struct lathe_iso9660_hierarchy lathe_joliet_hierarchy;

/* ---- UTF-8 and UTF-16BE ------------------------------------------------- */

/*
 * Strict both ways but for surrogates: an unpaired one becomes three bytes of
 * WTF-8 and back, so that any sequence of units survives.
 * Return the bytes of 'out', no final NUL among them; LATHE_ERR_NAME for
 * malformed input (overlong forms, paired surrogates as WTF-8, above 10FFFFh,
 * odd byte count) or LATHE_ERR_LIMIT when 'room' is short: what 'out' holds is
 * then not said. It must not lie over 'in'.
 */
int lathe_joliet_utf16_from_utf8(const char *in, size_t len, uint8_t *out,
				 size_t room_bytes);
int lathe_joliet_utf8_from_utf16(const uint8_t *in, size_t bytes, char *out,
				 size_t room);

/* ---- other character sets ----------------------------------------------- */

/*
 * Names of another character set as UTF-8, through iconv. One object for one
 * thread. 'name' is the system's for the set ("" may be that of the locale);
 * 'hooks' NULL: none. LATHE_ERR_UNSUPPORTED: the system does not know the set,
 * or has no iconv. LATHE_ERR_ARG: 'name' or 'out' is NULL.
 */
struct lathe_joliet_charset;
int lathe_joliet_charset_open(const struct lathe_hooks *hooks,
			      const char *name,
			      struct lathe_joliet_charset **out);
void lathe_joliet_charset_close(struct lathe_joliet_charset *charset);

/* One whole name. Returns the bytes of 'out', no final NUL among them;
 * LATHE_ERR_NAME (not of that set, or a part of a character at the end),
 * LATHE_ERR_LIMIT ('room' is short); after both the object can be used on. */
int lathe_joliet_charset_to_utf8(struct lathe_joliet_charset *charset,
				 const char *in, size_t len, char *out,
				 size_t room);

#ifdef __cplusplus
}
#endif

#endif
