# SPDX-License-Identifier: MIT
# For makefiles of other projects: what to compile and where to look.
#
#	include third_party/lathe/lathe.mk
#	CPPFLAGS += -I$(LATHE_DIR)
#	OBJECTS += $(LATHE_ISO9660_SRC:.c=.o) $(LATHE_JOLIET_SRC:.c=.o)
#
# Nothing else is needed: no generated file, no define. A library may be left
# out when none of those before it in the link order is used:
# session, joliet, iso9660, mmc; the emulator stands alone.

LATHE_DIR := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

LATHE_MMC_SRC := $(sort $(wildcard $(LATHE_DIR)/mmc/*.c))
LATHE_EMULATOR_SRC := $(sort $(wildcard $(LATHE_DIR)/mmc/emulator/*.c))
LATHE_ISO9660_SRC := $(sort $(wildcard $(LATHE_DIR)/iso9660/*.c))
LATHE_JOLIET_SRC := $(sort $(wildcard $(LATHE_DIR)/joliet/*.c))
LATHE_SESSION_SRC := $(sort $(wildcard $(LATHE_DIR)/session/*.c))

LATHE_HEADERS := $(LATHE_DIR)/lathe.h \
	$(sort $(wildcard $(LATHE_DIR)/mmc/lathe_*.h \
		$(LATHE_DIR)/mmc/emulator/lathe_*.h \
		$(LATHE_DIR)/iso9660/lathe_*.h $(LATHE_DIR)/joliet/lathe_*.h \
		$(LATHE_DIR)/session/lathe_*.h))

# Readers of host files run in threads of their own.
LATHE_LIBS := -lpthread
