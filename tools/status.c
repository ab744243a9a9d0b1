/* SPDX-License-Identifier: MIT */
/*
 * Exit statuses: one for each kind of cause. The manual has the same table;
 * values never change.
 */
#include "tools/tool.h"

#define STATUSES(X)           \
	X(IO, 3)              \
	X(NOT_FOUND, 4)       \
	X(EXISTS, 5)          \
	X(NAME, 6)            \
	X(LIMIT, 6)           \
	X(EMPTY, 7)           \
	X(CHANGED, 8)         \
	X(NO_DEVICE, 10)      \
	X(DENIED, 11)         \
	X(BUSY, 12)           \
	X(SENSE, 13)          \
	X(TIMEOUT, 13)        \
	X(TRANSPORT, 13)      \
	X(NO_MEDIUM, 20)      \
	X(MEDIUM_TYPE, 21)    \
	X(UNSUPPORTED, 21)    \
	X(NOT_BLANK, 22)      \
	X(FOREIGN, 23)        \
	X(NOT_APPENDABLE, 24) \
	X(UNFINISHED, 25)     \
	X(FULL, 26)           \
	X(WRONG_DISC, 27)     \
	X(NO_VOLUME, 30)      \
	X(CORRUPT, 31)        \
	X(VERIFY, 32)         \
	X(CANCELLED, 40)

int status_of(int err)
{
	switch (err) {
	case LATHE_OK:
		return STATUS_OK;
#define STATUS_CASE(code, status) \
	case LATHE_ERR_##code:    \
		return status;
		STATUSES(STATUS_CASE)
#undef STATUS_CASE
	default:
		return STATUS_FAILED;
	}
}
