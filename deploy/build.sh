#!/bin/sh
# Builds the release binary so that the same sources and the same tools give the same bytes, wherever
# the sources lie and whoever builds. The result and a note of the tools are put into dist/.
#
#   deploy/build.sh [--static] [--auditable] [--out DIRECTORY]
#
#   --static      link with musl: one file that needs nothing else (rustup target add, musl-gcc)
#   --auditable   embed the list of packages (needs cargo-auditable)
set -eu
root=$(cd "$(dirname "$0")/.." && pwd -P)
cd "$root"

libc=gnu
verb=build
out=$root/dist
while [ $# -gt 0 ]; do
    case $1 in
        --static) libc=musl ;;
        --auditable) verb="auditable build" ;;
        --out) shift; out=$1 ;;
        *) echo "usage: deploy/build.sh [--static] [--auditable] [--out DIRECTORY]" >&2; exit 2 ;;
    esac
    shift
done

arch=$(uname -m)
target=$arch-unknown-linux-$libc
cargo_home=${CARGO_HOME:-$HOME/.cargo}
objects=$root/target

# What would show where the build ran. The last rule that fits a path wins, so the widest comes first.
separator=$(printf '\037')
flags=--remap-path-prefix=$root=/zscaler-mcp
remap() { flags=$flags$separator--remap-path-prefix=$1=$2; }
remap "$objects" /target
remap "$root/vendor" /crates
# The one step that may use the network; vendored sources need none. Packages that are not unpacked
# yet would have no directory to name.
cargo fetch --quiet --locked --target "$target"
for packages in "$cargo_home"/registry/src/*; do
    if [ -d "$packages" ]; then remap "$packages" /crates; fi
done
remap "$(rustc --print sysroot)/lib/rustlib/src/rust" "/rustc/$(rustc -vV | sed -n 's/^commit-hash: //p')"

# A clean environment: the build scripts of the tree obey variables, for example to link a library of
# the system in place of the one in the lock file.
# shellcheck disable=SC2086 # verb is words, not one argument
env -i PATH="$PATH" HOME="$HOME" CARGO_HOME="$cargo_home" \
    ${RUSTUP_HOME:+RUSTUP_HOME="$RUSTUP_HOME"} ${RUSTUP_TOOLCHAIN:+RUSTUP_TOOLCHAIN="$RUSTUP_TOOLCHAIN"} \
    ${CARGO_BUILD_JOBS:+CARGO_BUILD_JOBS="$CARGO_BUILD_JOBS"} \
    LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=0 \
    "CC_${arch}_unknown_linux_musl=musl-gcc" \
    CARGO_TARGET_DIR="$objects" CARGO_INCREMENTAL=0 CARGO_ENCODED_RUSTFLAGS="$flags" \
    cargo $verb --release --locked --offline --target "$target" --bin zscaler-mcp

mkdir -p "$out"
cp "$objects/$target/release/zscaler-mcp" "$out/zscaler-mcp"
compiler=cc
if [ $libc = musl ]; then compiler=musl-gcc; fi
{
    echo "target $target, cargo $verb"
    rustc -vV
    "$compiler" --version | sed -n 1p
    ld --version | sed -n 1p
} > "$out/zscaler-mcp.tools"
(cd "$out" && sha256sum zscaler-mcp | tee zscaler-mcp.sha256)
