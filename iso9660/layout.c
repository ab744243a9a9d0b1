/* SPDX-License-Identifier: MIT */
/* Directories that a plan finds laid out: import_layout.c. */
#include "iso9660/plan_internal.h"

const struct lathep_iso9660_layout *
lathep_iso9660_layout_of(const struct lathe_iso9660_plan *plan, uint32_t h,
			 const struct lathep_iso9660_node *folder,
			 uint32_t *blocks)
{
	uint8_t known = plan->laid[h].known;

	if (!(folder->flags & LATHEP_ISO9660_AS_READ) || known == 0xff ||
	    (h == 0 && plan->system_use))
		return NULL;
	return lathep_iso9660_extra(plan->tree, folder,
				    lathep_iso9660_extra_layout(known), blocks);
}

bool lathep_iso9660_stays(const struct lathe_iso9660_plan *plan,
			  const struct lathep_iso9660_node *folder)
{
	uint32_t h;

	for (h = 0; h < plan->hierarchies; h++)
		if (!lathep_iso9660_layout_of(plan, h, folder, NULL))
			return false;
	return true;
}
