/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <string.h>

#include "tools/json.h"

/*
 * The length of the well-formed UTF-8 sequence at 'p', at most 'left' bytes,
 * and its value; surrogates count as well formed here. 0: there is none.
 */
static size_t decode(const uint8_t *p, size_t left, uint32_t *value)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t len = p[0] < 0x80             ? 1
		     : (p[0] & 0xe0) == 0xc0 ? 2
		     : (p[0] & 0xf0) == 0xe0 ? 3
		     : (p[0] & 0xf8) == 0xf0 ? 4
					     : 0;
	size_t i;

	if (len == 0 || len > left)
		return 0;
	*value = len == 1 ? p[0] : p[0] & (0x7fu >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		*value = *value << 6 | (p[i] & 0x3fu);
	}
	return *value < least[len] || *value > 0x10ffff ? 0 : len;
}

static bool is_plain(uint8_t c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void put_string(FILE *out, const char *text, size_t len)
{
	const uint8_t *p = (const uint8_t *)text;
	uint32_t value = 0;
	size_t n;

	putc('"', out);
	for (; len > 0; p += n, len -= n) {
		for (n = 0; n < len && is_plain(p[n]); n++)
			;
		if (n > 0) {
			fwrite(p, 1, n, out);
			continue;
		}
		n = decode(p, len, &value);
		if (n == 0) {
			fputs("\xef\xbf\xbd", out);
			n = 1;
		} else if (value == '"' || value == '\\') {
			putc('\\', out);
			putc((int)value, out);
		} else if (value < 0x20 || (value >= 0x7f && value < 0xa0) ||
			   (value >= 0xd800 && value <= 0xdfff)) {
			fprintf(out, "\\u%04" PRIx32, value);
		} else {
			fwrite(p, 1, n, out);
		}
	}
	putc('"', out);
}

static void begin(struct json *json, const char *key)
{
	if (json->comma)
		putc(',', json->out);
	if (key) {
		put_string(json->out, key, strlen(key));
		putc(':', json->out);
	}
	json->comma = true;
}

void json_object(struct json *json, const char *key)
{
	begin(json, key);
	putc('{', json->out);
	json->comma = false;
}

void json_object_end(struct json *json)
{
	putc('}', json->out);
	json->comma = true;
}

void json_array(struct json *json, const char *key)
{
	begin(json, key);
	putc('[', json->out);
	json->comma = false;
}

void json_array_end(struct json *json)
{
	putc(']', json->out);
	json->comma = true;
}

void json_bytes(struct json *json, const char *key, const char *text,
		size_t len)
{
	begin(json, key);
	put_string(json->out, text, len);
}

void json_text(struct json *json, const char *key, const char *text)
{
	json_bytes(json, key, text, strlen(text));
}

void json_number(struct json *json, const char *key, uint64_t number)
{
	char digits[20];
	size_t at = sizeof(digits);

	begin(json, key);
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	fwrite(digits + at, 1, sizeof(digits) - at, json->out);
}

void json_bool(struct json *json, const char *key, bool value)
{
	begin(json, key);
	fputs(value ? "true" : "false", json->out);
}

void json_null(struct json *json, const char *key)
{
	begin(json, key);
	fputs("null", json->out);
}

void json_line(struct json *json)
{
	putc('\n', json->out);
	json->comma = false;
}
