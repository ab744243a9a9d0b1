# SPDX-License-Identifier: MIT
# Targets of tests/kernel. 'make check' runs the same scripts. deps-kernel, of
# which 'make deps' thinks as well, unpacks into the build directory what is
# not installed: user-mode Linux and tcmu-runner. Nobody has to be root.

deps-kernel:
	BUILD='$(BUILD)' sh tests/kernel/run_deps.sh

check-kernel:
	$(MAKE) $(JOBS) --no-print-directory all $(BUILD)/tests/kernel/tool_guest
	BUILD='$(BUILD)' sh tests/run kernel

.PHONY: deps-kernel check-kernel
