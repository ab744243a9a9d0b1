/* SPDX-License-Identifier: MIT */
/*
 * Normalisation form C (Unicode Standard Annex #15): letters and their marks
 * as one code point where there is one, the way most systems write names.
 */
#ifndef LATHE_TOOL_NFC_H
#define LATHE_TOOL_NFC_H

#include <stddef.h>
#include <stdint.h>

struct nfc;

struct nfc *nfc_open(void);
void nfc_close(struct nfc *nfc);

/*
 * 'in' is 1 to LATHE_ISO9660_NAME_MAX bytes, 'out' has room for as many.
 * Returns the length; LATHE_ERR_NAME: no UTF-8, or longer than there is room.
 */
int nfc_name(struct nfc *nfc, const char *in, size_t len, char *out);

#endif
