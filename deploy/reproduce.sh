#!/bin/sh
# Builds the committed sources twice and compares the binaries byte by byte: once from the registry
# in one directory, once from the vendored archive in another, without a network.
#
#   deploy/reproduce.sh [options of deploy/build.sh]
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM

mkdir -p "$work/first"
(cd "$root" && git archive HEAD) | tar -x -C "$work/first"
"$work/first/deploy/build.sh" "$@" --out "$work/one"

"$root/deploy/vendor.sh" "$@"

cmp "$work/one/zscaler-mcp" "$root/dist/zscaler-mcp"
echo "both builds gave the same bytes:"
cat "$root/dist/zscaler-mcp.sha256"
