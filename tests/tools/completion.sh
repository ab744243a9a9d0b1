#!/bin/sh
# SPDX-License-Identifier: MIT
# What bash offers behind the words that are there.
. tests/tools/lib_tools.sh
need bash
PATH=$BUILD:$PATH
export PATH

# Offers for the last word, one a line, sorted.
offered() { # words
	bash -c '
. tools/completions/lathe
cd "$0" || exit
COMP_WORDS=(lathe "$@")
COMP_CWORD=$#
_lathe 2>/dev/null
printf "%s\n" "${COMPREPLY[@]}"' "$scratch/here" "$@" | sort
}

offers() { # expected, words
	expected=$1
	shift
	equals "what is offered behind '$*'" "$(offered "$@" | tr '\n' '|')" \
		"$expected"
}

mkdir "$scratch/here"

say "words"
offers 'image|info|' i
offers 'create|' emu c
offers 'extract|' help ex
offers '--exclude|--exclude-from|' burn --exc
offers '--once|' emu serve --o
offers 'null|' image --map-format n
offers 'relaxed|' image --iso-level = r
offers 'all|modified|' image --times =
offers 'cd-r-74|cd-r-80|' emu create --media cd-r-

say "each command, each option with words to choose from"
"$lathe" --help | sed -n 's/^  \([a-z]*\)[ a-z]*  .*/\1/p' | sort -u \
	>"$scratch/commands"
while read -r command; do
	offered '' | grep -qx -- "$command" || fault "$command is not offered"
	offered help '' | grep -qx -- "$command" ||
		fault "$command is not offered behind help"
done <"$scratch/commands"
for command in burn image; do
	"$lathe" help $command |
		sed -n 's/^  .* --\([a-z-]*\) \([a-z0-9]*|[a-z0-9|]*\).*/\1 \2/p' \
			>"$scratch/choices"
	[ -s "$scratch/choices" ] || fault "no choices in the help of $command"
	while read -r option choices; do
		equals "words of --$option" \
			"$(offered $command "--$option" '' | tr '\n' ' ')" \
			"$(echo "$choices" | tr '|' '\n' | sort | tr '\n' ' ')"
	done <"$scratch/choices"
done

say "files, which readline offers where nothing is"
: >"$scratch/here/b"
for words in "burn b" "ls -i b" "image --exclude-from = b" \
	"image --path-list b" "image -o b" "burn -d emu : b" "emu serve b"; do
	# shellcheck disable=SC2086
	offers '|' $words
done
offers 'emu:|' burn -d e
bash -c '. tools/completions/lathe; complete -p lathe' |
	grep -q -- '-o default' || fault "no files are offered"
finish
