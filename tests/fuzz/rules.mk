# SPDX-License-Identifier: MIT
# Fuzz targets, tests/fuzz/target_<name>.c; see tests/fuzz/fuzz.h.
#
#	make check-fuzz			libFuzzer, each for FUZZ_SECONDS= (60)
#	make check-fuzz FUZZ_TARGETS="import append"
#	make fuzz-afl			the same for AFL++, in $(BUILD)/afl
#	make fuzz-plain			programs that run the files given
#	make check-mutations COUNT=	damaged volumes, a million if not said

FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= $(patsubst tests/fuzz/target_%.c,%,$(FUZZ_SRC))
AFL_CC ?= $(firstword $(shell command -v afl-clang-fast afl-gcc-fast) \
	afl-clang-fast)

FUZZ_SRC := $(sort $(wildcard tests/fuzz/target_*.c))
FUZZ_PROGRAMS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(FUZZ_SRC))
# The sweep is for Check programs alone.
FUZZ_SHARED := $(filter-out %/lib_sweep.c,$(wildcard tests/fuzz/lib_*.c))
# FUZZ_ENGINE is what brings main(): empty, or -fsanitize=fuzzer.
FUZZ_MAIN = $(if $(FUZZ_ENGINE),,tests/fuzz/plain_main.c)
FUZZ_TOOLS := $(filter-out tools/main.c,$(TOOL_SRC))

$(FUZZ_PROGRAMS): $(BUILD)/tests/%: $(BUILD)/obj/tests/%.o \
		$(call objects,$(FUZZ_SHARED) $(FUZZ_MAIN)) $(LIBRARIES)
	@mkdir -p $(@D)
	$(LINK) $(FUZZ_ENGINE) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(LATHE_LIBS)

# What is extracted, the program extracts.
$(BUILD)/tests/fuzz/target_extract: $(call objects,$(FUZZ_TOOLS))

fuzz-plain: $(FUZZ_PROGRAMS)
check-programs: fuzz-plain

fuzz-libfuzzer:
	$(MAKE) $(JOBS) --no-print-directory BUILD='$(BUILD)/fuzz' CC=clang \
		CFLAGS='-O1 -g' SANITIZE=fuzzer-no-link,address,undefined \
		FUZZ_ENGINE=-fsanitize=fuzzer fuzz-plain

fuzz-afl:
	AFL_QUIET=1 $(MAKE) $(JOBS) --no-print-directory \
		BUILD='$(BUILD)/afl' CC='$(AFL_CC)' CFLAGS='-O1 -g' \
		SANITIZE=address,undefined fuzz-plain

# Damaged volumes of all writers, COUNT of them, under sanitizers.
COUNT ?= 1000000
check-mutations:
	$(MAKE) $(JOBS) --no-print-directory BUILD='$(BUILD)/sanitize' \
		SANITIZE=address,undefined \
		$(BUILD)/sanitize/tests/fuzz/check_damaged_volumes
	LATHE_MUTATIONS=$(COUNT) CK_FORK=no CK_VERBOSITY=normal \
		$(BUILD)/sanitize/tests/fuzz/check_damaged_volumes

check-fuzz: fuzz-libfuzzer
	BUILD='$(BUILD)' FUZZ_SECONDS='$(FUZZ_SECONDS)' \
		sh tests/fuzz/run_fuzz.sh $(FUZZ_TARGETS)

.PHONY: fuzz-plain fuzz-libfuzzer fuzz-afl check-fuzz \
	check-mutations
