# SPDX-License-Identifier: MIT
# Targets of tests/kernel. 'make check' runs the same scripts, with fewer seeds.
# deps-kernel, of which 'make deps' thinks as well, unpacks into the build
# directory what is not installed: user-mode Linux and tcmu-runner. Nobody has
# to be root.

deps-kernel:
	BUILD='$(BUILD)' sh tests/kernel/run_deps.sh

check-kernel:
	$(MAKE) $(JOBS) --no-print-directory all $(BUILD)/tests/kernel/tool_guest
	KERNEL_SEEDS="$${KERNEL_SEEDS:-1-20}" BUILD='$(BUILD)' sh tests/run kernel

.PHONY: deps-kernel check-kernel
