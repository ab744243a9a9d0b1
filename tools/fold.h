/* SPDX-License-Identifier: MIT */
/* Hashes of names that are the same for names which differ in case alone. */
#ifndef LATHE_TOOL_FOLD_H
#define LATHE_TOOL_FOLD_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, on numbers; this is where it begins. */
#define FOLD_BEGIN UINT64_C(0xcbf29ce484222325)

static inline uint64_t fold_mix(uint64_t hash, uint32_t value)
{
	return (hash ^ value) * UINT64_C(0x100000001b3);
}

/* 'hash', and the code points of 'name' without their case. */
uint64_t fold_name(uint64_t hash, const char *name, size_t len);

#endif
