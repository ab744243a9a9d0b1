/* SPDX-License-Identifier: MIT */
/* Rock Ridge, RRIP 1.12 (IEEE P1282), recorded as SUSP 1.12 says. */
#include "iso9660/system_use_internal.h"

const struct lathe_iso9660_system_use lathe_iso9660_rock_ridge = {
	.name = "Rock Ridge"
};
