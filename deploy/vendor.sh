#!/bin/sh
# Puts the committed sources and every package of the lock file into one archive, unpacks it elsewhere
# and builds the release binary from it without a network. The same commit gives the same archive.
#
#   deploy/vendor.sh [--no-build] [options of deploy/build.sh]
#
# The archive is left in dist/, with its digest and the binary that was built from it.
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"

build=yes
if [ "${1:-}" = --no-build ]; then build=no; shift; fi
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | sed -n 1p)
name=zscaler-mcp-$version-vendored
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
tree=$work/$name
mkdir -p "$tree" "$root/dist"

git archive HEAD | tar -x -C "$tree"
# Versions in the names of directories: paths are then the same as those of a registry. The settings
# that cargo prints are not kept, because they would name a mirror where one is in use.
(cd "$tree" && cargo vendor --quiet --locked --versioned-dirs vendor > "$work/settings")
cat >> "$tree/.cargo/config.toml" <<'SETTINGS'

[source.crates-io]
replace-with = "vendored"

[source.vendored]
directory = "vendor"
SETTINGS

# Nothing of the moment or of the person who packs: the time is the one of the commit.
moment=$(git log -1 --format=%ct)
tar -c -C "$work" --sort=name --mtime="@$moment" --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX --format=posix --pax-option=delete=atime,delete=ctime "$name" \
    | gzip -n -9 > "$root/dist/$name.tar.gz"
(cd "$root/dist" && sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256")
if [ $build = no ]; then exit 0; fi

rm -rf "$tree"
mkdir "$work/elsewhere" "$work/cargo-home"
tar -x -C "$work/elsewhere" -f "$root/dist/$name.tar.gz"
# A namespace without interfaces is proof; where the system does not give one, cargo is told to stay
# offline and every proxy leads nowhere, which is less.
if unshare --net true 2>/dev/null; then
    alone="unshare --net"
elif unshare --map-root-user --net true 2>/dev/null; then
    alone="unshare --map-root-user --net"
else
    alone="env CARGO_NET_OFFLINE=true https_proxy=http://127.0.0.1:9 http_proxy=http://127.0.0.1:9"
fi
echo "building offline with: $alone"
# An empty CARGO_HOME: no package can come from an earlier download.
# shellcheck disable=SC2086 # several words
CARGO_HOME="$work/cargo-home" RUSTUP_HOME="${RUSTUP_HOME:-$HOME/.rustup}" \
    $alone "$work/elsewhere/$name/deploy/build.sh" "$@" --out "$root/dist"
