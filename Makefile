# SPDX-License-Identifier: MIT
# lathe: GNU make, nothing generated, nothing configured.

BUILD ?= build
CC ?= cc
AR ?= ar
PREFIX ?= /usr/local
DESTDIR ?=
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow
STANDARD = -std=c11

ifdef SANITIZE
BUILD := $(BUILD)/sanitize
CFLAGS += -fsanitize=$(SANITIZE) -fno-sanitize-recover=all -fno-omit-frame-pointer
LDFLAGS += -fsanitize=$(SANITIZE)
endif

COMPILE = $(CC) $(STANDARD) -I. $(WARNINGS) $(CPPFLAGS) $(CFLAGS) -MMD -MP

MMC_SRC := $(wildcard mmc/*.c)
EMULATOR_SRC := $(wildcard mmc/emulator/*.c)
ISO9660_SRC := $(wildcard iso9660/*.c)
JOLIET_SRC := $(wildcard joliet/*.c)
SESSION_SRC := $(wildcard session/*.c)
TOOL_SRC := $(wildcard tools/*.c)
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))

# In link order: users before what they use.
LIBRARIES := $(BUILD)/liblathe-session.a $(BUILD)/liblathe-joliet.a \
	$(BUILD)/liblathe-iso9660.a $(BUILD)/liblathe-mmc.a \
	$(BUILD)/liblathe-emulator.a

all: libraries $(BUILD)/lathe
libraries: $(LIBRARIES)

$(BUILD)/liblathe-mmc.a: $(call objects,$(MMC_SRC))
$(BUILD)/liblathe-emulator.a: $(call objects,$(EMULATOR_SRC))
$(BUILD)/liblathe-iso9660.a: $(call objects,$(ISO9660_SRC))
$(BUILD)/liblathe-joliet.a: $(call objects,$(JOLIET_SRC))
$(BUILD)/liblathe-session.a: $(call objects,$(SESSION_SRC))

$(BUILD)/%.a:
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

$(BUILD)/lathe: $(call objects,$(TOOL_SRC)) $(LIBRARIES)
	$(CC) $(LDFLAGS) -o $@ $^ -lpthread

# ---- tests ------------------------------------------------------------------

CHECK_SRC := $(wildcard tests/*/check_*.c)
CHECK_PROGRAMS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(CHECK_SRC))
CHECK_CFLAGS = $(shell pkg-config --cflags check)
CHECK_LIBS = $(shell pkg-config --libs check)

.SECONDEXPANSION:
$(BUILD)/tests/%: tests/%.c $$(wildcard tests/$$(*D)/lib_*.c) $(LIBRARIES)
	@mkdir -p $(@D)
	$(COMPILE) $(CHECK_CFLAGS) -MF $@.d $(LDFLAGS) -o $@ \
		$(filter %.c,$^) $(LIBRARIES) $(CHECK_LIBS) -lpthread

check-programs: $(CHECK_PROGRAMS)

clean:
	rm -rf $(BUILD)

.PHONY: all libraries check-programs clean
.SUFFIXES:

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
