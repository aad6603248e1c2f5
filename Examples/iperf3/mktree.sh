#!/usr/bin/env bash
# Gathers the tree of the image: iperf3 of this machine, the libraries it needs, and run.sh.
#
#   ./mktree.sh [DIR]      DIR/rootfs is made anew beside DIR/manifest; DIR is ./image by default
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
  echo "mktree.sh: $1" >&2
  exit 1
}

program() { command -v "$1" || fail "$1 is missing; on Debian: apt-get install $2"; }

# Libraries go where LD_LIBRARY_PATH of the manifest points; the loader goes where the program's header says,
# for the kernel looks nowhere else.
copy_libraries() {
  local binary=$1 rootfs=$2 name arrow path _
  while read -r name arrow path _; do
    if [ "$arrow" = "=>" ]; then
      [ "$path" != not ] || fail "$binary needs $name, which is not on this machine"
      install -m 0755 "$path" "$rootfs/lib64/$name"
    elif [ "${name:0:1}" = / ]; then
      install -D -m 0755 "$name" "$rootfs$name"
    fi
  done < <(ldd "$binary")
}

main() {
  local image=${1-$here/image} iperf3 busybox rootfs
  [ "$(uname -m)" = x86_64 ] || fail "image/manifest says arch amd64, and this machine is $(uname -m)"
  iperf3=$(program iperf3 iperf3)
  busybox=$(program busybox busybox-static)
  ! ldd "$busybox" >/dev/null 2>&1 || fail "$busybox is not static; on Debian: apt-get install busybox-static"

  rootfs=$image/rootfs
  rm -rf -- "$rootfs"
  mkdir -p "$rootfs"/{usr/local/bin,bin,lib64,data/db,dev,tmp}
  chmod 1777 "$rootfs/tmp"
  [ "$image" = "$here/image" ] || install -m 0644 "$here/image/manifest" "$image/manifest"

  install -m 0755 "$iperf3" "$rootfs/usr/local/bin/iperf3"
  copy_libraries "$iperf3" "$rootfs"
  install -m 0755 "$here/run.sh" "$rootfs/run.sh"
  # run.sh needs a shell, and a sleep between its tries.
  install -m 0755 "$busybox" "$rootfs/bin/busybox"
  ln -s busybox "$rootfs/bin/sh"
  ln -s busybox "$rootfs/bin/sleep"
  echo "$rootfs: $(find "$rootfs" -type f | wc -l) files, $(du -sh "$rootfs" | cut -f1)"
}

main "$@"
