# SPDX-License-Identifier: MIT
# lathe: GNU make, nothing generated, nothing configured.
#
#	make			the libraries and the program
#	make demo		a disc with two sessions, on an emulated recorder
#	make deps check		get what the tests need, run them
#	make check-fast		the Check programs and the house rules alone
#	make check-sanitized	the Check programs under ASan and UBSan
#	make bench		speed and memory against other programs
#	make install DESTDIR= PREFIX=/usr/local
#	make clean		removes BUILD
#
# The targets check-cross, check-kernel, check-faults, check-fuzz,
# check-mutations, check-portable, media-table, coverage and deps-kernel are
# in tests/<area>/rules.mk.
#
# CC=clang, AR, CFLAGS, CPPFLAGS, LDFLAGS, SANITIZE=address,undefined and
# BUILD=some/directory are heeded, and ISCSI=no where recorders on other
# machines are not wanted.

CC ?= cc
AR ?= ar
INSTALL ?= install
PREFIX ?= /usr/local
DESTDIR ?=
CFLAGS ?= -O2 -g
WARNINGS = -Wall -Wextra -Wpedantic -Wconversion -Wshadow
STANDARD = -std=c11

ifdef SANITIZE
BUILD ?= build/sanitize
SANITIZE_FLAGS = -fsanitize=$(SANITIZE) -fno-sanitize-recover=all \
	-fno-omit-frame-pointer
endif
BUILD ?= build

COMPILE = $(CC) $(STANDARD) -I. $(WARNINGS) $(CPPFLAGS) $(CFLAGS) \
	$(SANITIZE_FLAGS)
LINK = $(CC) $(CFLAGS) $(SANITIZE_FLAGS) $(LDFLAGS)

include lathe.mk

# The optional library, where it is there for this compiler.
ISCSI ?= $(shell echo 'int main(void) { return !iscsi_create_context(""); }' | \
	$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -include iscsi/iscsi.h -x c - \
	-liscsi -o /dev/null 2>/dev/null && echo yes)
ISCSI := $(ISCSI)
ifeq ($(ISCSI),yes)
$(BUILD)/obj/mmc/transport_iscsi.o: CPPFLAGS += -DLATHE_ISCSI
LATHE_LIBS += -liscsi
endif

# Inside the tree, paths are from the root: no "./" in front.
tree = $(patsubst ./%,%,$(1))
TOOL_SRC := $(sort $(wildcard tools/*.c))
objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(call tree,$(1)))

# In link order: users before what they use.
LIBRARIES := $(BUILD)/liblathe-session.a $(BUILD)/liblathe-joliet.a \
	$(BUILD)/liblathe-iso9660.a $(BUILD)/liblathe-mmc.a \
	$(BUILD)/liblathe-emulator.a

all: libraries $(BUILD)/lathe
libraries: $(LIBRARIES)

$(BUILD)/liblathe-mmc.a: $(call objects,$(LATHE_MMC_SRC))
$(BUILD)/liblathe-emulator.a: $(call objects,$(LATHE_EMULATOR_SRC))
$(BUILD)/liblathe-iso9660.a: $(call objects,$(LATHE_ISO9660_SRC))
$(BUILD)/liblathe-joliet.a: $(call objects,$(LATHE_JOLIET_SRC))
$(BUILD)/liblathe-session.a: $(call objects,$(LATHE_SESSION_SRC))

# An archive is made anew, so that no object of a deleted source stays in it;
# 'members' notices the deletion.
$(LIBRARIES): $(BUILD)/lib%.a: $(BUILD)/members
	@mkdir -p $(@D)
	rm -f $@
	$(AR) rcs $@ $(filter %.o,$^)

$(BUILD)/obj/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/lathe: $(call objects,$(TOOL_SRC)) $(LIBRARIES)
	$(LINK) -o $@ $(filter %.o %.a,$^) $(LATHE_LIBS)

# Rewritten when their content changes, and only then: another compiler or
# other flags rebuild everything, a source that is gone remakes the archives.
$(BUILD)/flags: force
	@mkdir -p $(@D)
	@echo '$(COMPILE) $(LDFLAGS) $(LATHE_LIBS)' | cmp -s - $@ || \
		echo '$(COMPILE) $(LDFLAGS) $(LATHE_LIBS)' > $@

$(BUILD)/members: force
	@mkdir -p $(@D)
	@echo '$(LATHE_MMC_SRC) $(LATHE_EMULATOR_SRC) $(LATHE_ISO9660_SRC) \
		$(LATHE_JOLIET_SRC) $(LATHE_SESSION_SRC)' > $@.new
	@cmp -s $@.new $@ && rm $@.new || mv $@.new $@

# ---- demo, benchmarks --------------------------------------------------------

# Two jobs, unless the caller said how many.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j2)

demo:
	@echo 'building lathe with $(CC)'
	@$(MAKE) -s $(JOBS) --no-print-directory all
	BUILD='$(BUILD)' sh tools/demo.sh

bench: all
	BUILD='$(BUILD)' sh tests/bench/run.sh

# ---- tests ------------------------------------------------------------------

# tests/<area>/check_<topic>.c: one Check program each, linked with the
# area's lib_*.c. tests/<area>/tool_<name>.c: plain helpers of scripts.
CHECK_SRC := $(sort $(wildcard tests/*/check_*.c))
HELPER_SRC := $(sort $(wildcard tests/*/tool_*.c))
CHECK_PROGRAMS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(CHECK_SRC))
HELPERS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(HELPER_SRC))
SHIM := $(BUILD)/tests/third_party/shim.so

# Asked for at each use, since 'deps' may have installed it a moment ago.
CHECK_CFLAGS = $(shell pkg-config --cflags check)
CHECK_LIBS = $(shell pkg-config --libs check)

$(BUILD)/obj/tests/%.o: tests/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(COMPILE) $(CHECK_CFLAGS) -MMD -MP -c -o $@ $<

.SECONDEXPANSION:
$(CHECK_PROGRAMS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o \
		$$(call objects,$$(wildcard tests/$$(*D)/lib_*.c)) $(LIBRARIES)
	@mkdir -p $(@D)
	$(LINK) -o $@ $(filter %.o %.a,$^) $(CHECK_LIBS) $(LATHE_LIBS)

$(HELPERS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o $(LIBRARIES)
	@mkdir -p $(@D)
	$(LINK) -o $@ $(filter %.o %.a,$^) $(LATHE_LIBS)

# They read image files as the program does.
$(BUILD)/tests/tools/check_ahead $(BUILD)/tests/bench/tool_image: \
		$(BUILD)/obj/tools/ahead.o

# Loaded into programs that know nothing of sanitizers: built without.
$(SHIM): $(sort $(wildcard tests/third_party/shim*.[ch]))
	@mkdir -p $(@D)
	$(CC) $(STANDARD) $(WARNINGS) $(CFLAGS) -shared -fPIC -o $@ \
		$(filter %.c,$^) -ldl -lpthread

check-programs: $(CHECK_PROGRAMS) $(HELPERS) $(SHIM)

deps:
	sh tests/deps

check: $(if $(SANITIZE),,check-sanitized)
	$(MAKE) $(JOBS) --no-print-directory all check-programs
	BUILD='$(BUILD)' CC='$(CC)' SANITIZE='$(SANITIZE)' sh tests/run

# The Check programs, the fault sweep among them, once more with every memory
# access and every undefined operation watched.
check-sanitized:
	$(MAKE) $(JOBS) --no-print-directory BUILD='$(BUILD)/sanitize' \
		SANITIZE=address,undefined check-programs
	BUILD='$(BUILD)/sanitize' CC='$(CC)' SANITIZE=address,undefined \
		sh tests/run --programs

# Without the scripts that run other people's programs.
check-fast:
	$(MAKE) $(JOBS) --no-print-directory all check-programs
	BUILD='$(BUILD)' CC='$(CC)' SANITIZE='$(SANITIZE)' sh tests/run \
		--programs house

# Targets of single areas.
include $(wildcard tests/*/rules.mk)

# ---- installation ------------------------------------------------------------

# Headers keep their folders, so that '#include "mmc/lathe_mmc.h"' is the same
# line for those who copy lathe into their tree and those who install it.
INCLUDE_DIR = $(DESTDIR)$(PREFIX)/include/lathe
LIB_DIR = $(DESTDIR)$(PREFIX)/lib
COMPLETIONS = $(DESTDIR)$(PREFIX)/share/bash-completion/completions
VERSION = $(shell sed -n 's/^.define LATHE_VERSION "\(.*\)"/\1/p' lathe.h)

install: all
	$(INSTALL) -d '$(LIB_DIR)/pkgconfig' '$(DESTDIR)$(PREFIX)/bin' \
		'$(DESTDIR)$(PREFIX)/share/man/man1' '$(COMPLETIONS)'
	$(INSTALL) -m 644 $(LIBRARIES) '$(LIB_DIR)'
	$(INSTALL) -m 644 tools/completions/lathe '$(COMPLETIONS)'
	$(INSTALL) -m 755 $(BUILD)/lathe '$(DESTDIR)$(PREFIX)/bin'
	for man in tools/*.1; do \
		$(INSTALL) -m 644 "$$man" \
			'$(DESTDIR)$(PREFIX)/share/man/man1' || exit 1; \
	done
	for header in $(call tree,$(LATHE_HEADERS)); do \
		$(INSTALL) -d "$(INCLUDE_DIR)/$$(dirname $$header)" && \
		$(INSTALL) -m 644 $$header "$(INCLUDE_DIR)/$$header" || exit 1; \
	done
	for pc in tools/pkgconfig/*.pc.in; do \
		sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@VERSION@|$(VERSION)|' \
			-e 's|@ISCSI@|$(if $(filter yes,$(ISCSI)), -liscsi)|' \
			$$pc > "$(LIB_DIR)/pkgconfig/$$(basename $$pc .in)" \
			|| exit 1; \
	done

clean:
	rm -rf $(BUILD)

.PHONY: all libraries demo bench check-programs deps check check-fast \
	check-sanitized \
	install clean force
.SUFFIXES:
.DELETE_ON_ERROR:

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
