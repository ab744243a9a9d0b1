#!/bin/sh
# SPDX-License-Identifier: MIT
# The scripts are POSIX sh and say what they mean.
. tests/house/lib_house.sh

for script in .ci/run tests/run tests/deps tests/*/*.sh tools/*.sh; do
	[ -e "$script" ] || continue
	sh -n "$script" 2>"$scratch/output" ||
		fault "$script: $(cat "$scratch/output")"
	case ${script##*/} in
	lib_*) ;;
	*)
		head -n 1 "$script" | grep -q '^#!/bin/sh$' ||
			fault "$script: not for sh" ;;
	esac
	case $script in
	tests/*/lib_* | tests/*/run* | tools/*) ;;
	*) [ -x "$script" ] || fault "$script: not executable" ;;
	esac
	if command -v shellcheck >/dev/null 2>&1; then
		shellcheck -x -s sh -S error "$script" >"$scratch/output" 2>&1 ||
			fault "$(head -n 20 "$scratch/output")"
	fi
done
finish
