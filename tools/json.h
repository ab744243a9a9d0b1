/* SPDX-License-Identifier: MIT */
/*
 * JSON (RFC 8259) to a stream, on one line.
 */
#ifndef LATHE_TOOL_JSON_H
#define LATHE_TOOL_JSON_H

#include <stdio.h>

#include "lathe.h"

struct json {
	FILE *out;
	bool comma;	/* a value stands in front */
};

/* 'key' is NULL in an array and for the outermost value. */
void json_object(struct json *json, const char *key);
void json_object_end(struct json *json);
void json_array(struct json *json, const char *key);
void json_array_end(struct json *json);

/*
 * UTF-8. A surrogate in three bytes (WTF-8) becomes its \u escape; each other
 * byte that is no UTF-8 becomes U+FFFD.
 */
void json_bytes(struct json *json, const char *key, const char *text,
		size_t len);
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, uint64_t number);
void json_bool(struct json *json, const char *key, bool value);
void json_null(struct json *json, const char *key);

/* The end of a line. */
void json_line(struct json *json);

#endif
