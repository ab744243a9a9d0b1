#!/bin/sh
# SPDX-License-Identifier: MIT
# What gcc makes of the sources, clang makes as well.
. tests/portability/lib_portability.sh

case $(${CC:-cc} --version 2>/dev/null) in
*clang*) target gcc gcc "" "" "" ;;
*) target clang clang "" "" "" ;;
esac
build all
compare
[ "$PORTABLE" = short ] || run_programs
finish
