#!/bin/sh
# Puts faults into the program and sees that a test finds each: fuzz/faults.sh [-f] [NAME..]
#
# A fault is a block of fuzz/faults/*.txt: name, what it breaks, file, the test that has to find it,
# perhaps a fuzz target, the lines that go (`- `) and those that come (`+ `); blanks around a line do
# not count, and the lines stand in the file once. With -f the fuzz target searches for a minute
# instead. Works on a copy of the files that git knows; ends with 1 when a fault survives.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
work=$root/target/faults
tree=$work/tree
search=
if [ "${1-}" = -f ]; then
    search=60
    shift
fi
mkdir -p "$tree"
git ls-files -z | tar --null -T - -cf - | tar -xmf - -C "$tree"

# Prints what stands behind KEY in the block called NAME; `-` and `+` are keys as well.
of() {
    awk -v name="$1" -v key="$2" '
        $1 == "name" { inside = $2 == name }
        inside && $1 == key { sub(/^[^ ]+ /, ""); print }' "$root"/fuzz/faults/*.txt
}

# Writes the file of the fault with its lines replaced; fails unless they stand there once.
replace() {
    of "$1" - >"$work/old"
    of "$1" + >"$work/new"
    awk -v old="$work/old" -v new="$work/new" '
        function bare(text) { gsub(/^[ \t]+|[ \t]+$/, "", text); return text }
        BEGIN {
            while ((getline text < old) > 0) gone[++size] = bare(text)
            while ((getline text < new) > 0) put = put text "\n"
        }
        { line[NR] = $0 }
        END {
            for (at = 1; at <= NR; at++) {
                same = size > 0
                for (i = 1; i <= size && same; i++) same = bare(line[at + i - 1]) == gone[i]
                if (same) { printf "%s", put; at += size - 1; count++ } else print line[at]
            }
            exit count != 1
        }' "$2"
}

export CARGO_TARGET_DIR="$work/target" RUST_BACKTRACE=0
run() { (cd "$tree" && timeout 600 cargo test -q --locked "$@"); }

# Prints who finds the fault: the first test that fails, or the clock.
judge() {
    for tests in $(of "$1" test) lib; do
        case $tests in lib) set -- "$1" --lib ;; *) set -- "$1" --test "$tests" ;; esac
        name=$1
        shift
        if ! run "$@" --no-run >"$work/log" 2>&1; then
            echo "does not compile"
            return
        fi
        state=0
        run "$@" >"$work/log" 2>&1 || state=$?
        if [ $state -eq 124 ]; then
            echo "killed by the time limit of $tests"
            return
        elif [ $state -ne 0 ]; then
            first=$(sed -n 's/^    \([a-z_0-9:]*\)$/\1/p' "$work/log" | head -n 1)
            echo "killed by $tests: ${first:-it ends early}"
            return
        fi
        set -- "$name"
    done
    echo survived
}

# Prints what the fuzz target of the fault finds within the time.
hunt() {
    target=$(of "$1" fuzz)
    [ -n "$target" ] || { echo "no fuzz target"; return; }
    export CARGO_TARGET_DIR="$work/search"
    if ! (cd "$tree" && cargo fuzz build --sanitizer none "$target") >"$work/log" 2>&1; then
        echo "does not compile"
        return
    fi
    begun=$(date +%s)
    if (cd "$tree" && fuzz/run.sh "$search" "$target") >"$work/log" 2>&1; then
        echo "survived $target"
    elif grep -q 'Test unit written' "$work/log"; then
        echo "found by $target within $(($(date +%s) - begun)) s"
    else
        echo "no search of $target"
    fi
}

names=${*:-$(awk '$1 == "name" { print $2 }' fuzz/faults/*.txt)}
if [ -z "$search" ]; then
    tests=$(for name in $names; do of "$name" test; done | sort -u | sed 's/^/--test /')
    # shellcheck disable=SC2086
    run --lib $tests >"$work/log" 2>&1 || { tail -n 30 "$work/log" >&2; exit 2; }
fi
failed=0
for name in $names; do
    file=$(of "$name" file)
    [ -n "$file" ] || { echo "no fault is called $name" >&2; exit 2; }
    if replace "$name" "$root/$file" >"$tree/$file"; then
        if [ -n "$search" ]; then result=$(hunt "$name"); else result=$(judge "$name"); fi
    else
        result="its lines do not stand in $file once"
    fi
    cp "$root/$file" "$tree/$file"
    case $result in killed* | found* | "no fuzz target") ;; *) failed=1 ;; esac
    printf '%-32s %s\n' "$name" "$result"
done
exit $failed
