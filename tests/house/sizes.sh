#!/bin/sh
# SPDX-License-Identifier: MIT
# What an embedder carries: code and constants, optimized for size, and stack.
# Counted is what size(1) calls text, of all objects of the libraries: .text and
# .rodata, each object's strings for themselves. Tables to unwind the stack are
# not made (-fno-asynchronous-unwind-tables): C has no use for them. Tables of
# pointers, which a linker fills in, are data that nobody writes.
#
# The aim is 60 KiB for each pair of libraries; until it is reached, the limit
# keeps them from growing. A program links less than all, and for what most
# want the aim is a limit. The depth of the stack is that of the deepest chain
# of direct calls; what is called through a pointer is somebody else's, and is
# counted for itself.
. tests/house/lib_house.sh

[ "$(uname -m)" = x86_64 ] || skip "the limits are for x86-64"
command -v gcc >/dev/null 2>&1 || skip "no gcc"

text_aim=61440
limit_of() {
	case $1 in
	"iso9660 joliet") echo 108032 ;;
	"mmc session") echo 83968 ;;
	esac
}
stack_limit=4096

sources=$(library_sources | sed "s|^|$PWD/|")
root=$PWD
(cd "$scratch" && gcc -std=c11 -I"$root" -Os -fcallgraph-info=su \
	-fno-asynchronous-unwind-tables -c \
	$sources) >"$scratch/output" 2>&1 ||
	fault "$(head -n 20 "$scratch/output")"

text_of() { # libraries
	for lib; do
		ls "$(folder_of "$lib")"/*.c 2>/dev/null
	done | sed "s|.*/\(.*\)\.c|$scratch/\1.o|" | xargs size 2>/dev/null |
		awk '$1 ~ /^[0-9]+$/ { sum += $1 } END { print sum + 0 }'
}

for pair in "iso9660 joliet" "mmc session"; do
	text=$(text_of $pair)
	echo "$pair: $text bytes of text (aim: $text_aim)"
	[ "$text" -le "$(limit_of "$pair")" ] ||
		fault "$pair: more than $(limit_of "$pair") bytes of text"
done
echo "emulator: $(text_of emulator) bytes of text"

# What the first pair is made of; a program links what it uses.
part() { # name, files of iso9660 and joliet
	name=$1
	shift
	[ $# -eq 0 ] || size -A "$@" | awk -v name="$name" '
		/^\.text/ { text += $2 }
		/^\.rodata/ { constants += $2 }
		/^\.eh_frame/ { unwinding += $2 }
		END { printf "  %s: %d of code, %d of constants, %d to unwind\n",
			name, text, constants, unwinding }'
}
objects_of() { # pattern of sed's for names of sources
	ls iso9660/*.c joliet/*.c | sed -n "s,.*/\($1\)\.c\$,$scratch/\1.o,p"
}
hosts='[a-z_0-9]*_posix'
reading='import[a-z_]*\|probe\|record_read\|chain\|append\|head_copy'
rock='rock_ridge[a-z_]*\|susp[a-z_]*\|system_use[a-z_]*\|relocate'
part "host files, image files, threads" $(objects_of "$hosts")
part "reading and joining" $(objects_of "$reading")
part "Rock Ridge" $(objects_of "$rock")
part "Joliet" $(ls joliet/*.c | sed "s|.*/\(.*\)\.c|$scratch/\1.o|")
part "tree, plan, image" $(objects_of '[a-z_0-9]*' | grep -v \
	-e "/\($hosts\)\.o" -e "/\($reading\)\.o" -e "/\($rock\)\.o" \
	-e "/\($(ls joliet/*.c | sed 's|.*/\(.*\)\.c|\1|' | paste -sd'|' |
		sed 's/|/\\|/g')\)\.o")

# What a program links of the first pair that calls these, of sections that
# nobody refers to freed (-ffunction-sections, --gc-sections); libc not counted.
mkdir "$scratch/sections"
(cd "$scratch/sections" && gcc -std=c11 -I"$root" -Os -ffunction-sections \
	-fdata-sections -fno-asynchronous-unwind-tables -c \
	$(echo "$sources" | grep -e /iso9660/ -e /joliet/) &&
	ar rc ../pair.a ./*.o) >"$scratch/output" 2>&1 ||
	fault "$(head -n 20 "$scratch/output")"
links() { # limit, what for, symbols
	limit=$1
	what=$2
	shift 2
	ld -r --gc-sections -e lathe_iso9660_tree_create \
		-u lathe_iso9660_tree_destroy $(printf -- '-u %s ' "$@") \
		-o "$scratch/linked" "$scratch/pair.a" 2>"$scratch/output" ||
		fault "$what: $(head -n 5 "$scratch/output")"
	text=$(size "$scratch/linked" | awk 'NR > 1 { print $1 }')
	echo "  links to $what: $text bytes"
	[ "${text:-0}" -le "$limit" ] ||
		fault "to $what: more than $limit bytes"
}
plan="lathe_iso9660_plan_create lathe_iso9660_plan_destroy"
host="lathe_iso9660_host_create lathe_iso9660_host_add
	lathe_iso9660_host_destroy"
import="lathe_iso9660_import lathe_iso9660_walk lathe_iso9660_find
	lathe_iso9660_section"
links 37120 "make volumes of its own data" $plan lathe_iso9660_add_directory \
	lathe_iso9660_add_file lathe_iso9660_image_init \
	lathe_iso9660_cursor_create lathe_iso9660_cursor_read \
	lathe_joliet_hierarchy
links $text_aim "make images of host files" $plan $host \
	lathe_iso9660_plan_write lathe_joliet_hierarchy
links $text_aim "read volumes, Rock Ridge too" $import \
	lathe_joliet_hierarchy lathe_iso9660_rock_ridge
links 91648 "append host files to volumes" $plan $host $import \
	lathe_iso9660_plan_write lathe_joliet_hierarchy

# Nodes carry a frame size in their label, edges the calls.
cat "$scratch"/*.ci | awk -v limit=$stack_limit '
	/^node:/ && match($0, /title: "[^"]*"/) {
		name = substr($0, RSTART + 8, RLENGTH - 9)
		if (match($0, /[0-9]+ bytes \(/))
			frame[name] = substr($0, RSTART) + 0
	}
	/^edge:/ {
		split($0, part, "\"")
		calls[part[2]] = calls[part[2]] "\n" part[4]
	}
	function depth(name,   list, count, i, most, d) {
		if (name in known)
			return known[name]
		if (name in visiting) {
			recursive[name] = 1
			return 0
		}
		visiting[name] = 1
		count = split(calls[name], list, "\n")
		for (i = 1; i <= count; i++) {
			d = list[i] == "" ? 0 : depth(list[i])
			if (d > most) {
				most = d
				deepest[name] = list[i]
			}
		}
		delete visiting[name]
		# 8 bytes of return address with each call.
		return known[name] = frame[name] + most + 8
	}
	END {
		for (name in frame) {
			if (name !~ /^lathe_/)
				continue
			d = depth(name)
			if (d > worst) {
				worst = d
				who = name
			}
			if (d > limit) {
				chain = name
				for (n = deepest[name]; n != "";
				     n = deepest[n])
					chain = chain " > " n "(" frame[n] ")"
				print "TOO DEEP " d ": " chain
			}
		}
		for (name in recursive)
			print "recursive: " name
		print "deepest public call: " who ", " worst " bytes"
	}' >"$scratch/stack"
grep -v '^TOO DEEP' "$scratch/stack"
grep '^TOO DEEP' "$scratch/stack" >"$scratch/found"
while read -r line; do
	fault "$line"
done <"$scratch/found"
finish
