#!/usr/bin/env bash
# Builds and tests this package against the last commit of the repository that it lies in, by version.
#
#   ./test.sh [VARIANT...]      tests, static, threads; all of them by default
#     tests      swift test
#     static     swift build -c release --static-swift-stdlib, and a run of what it makes
#     threads    swift test --sanitize=thread
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(git -C "$here" rev-parse --show-toplevel)
# The version that is about to be; an importer asks for it, or for a later one.
version=0.1.0
url=https://example.com/swift-appc.git
work=''

fail() {
  echo "consumer: $1" >&2
  exit 1
}

clean_up() { [ -z "$work" ] || rm -rf -- "$work"; }

# A bare clone of the last commit, with nothing but the version's tag.
make_dependency() {
  git clone --quiet --bare "file://$repository" "$work/swift-appc.git"
  git -C "$work/swift-appc.git" tag --list | xargs -r git -C "$work/swift-appc.git" tag --delete >/dev/null
  git -C "$work/swift-appc.git" tag "$version" HEAD
  echo "swift-appc $version is $(git -C "$repository" log -1 --format='%h %s')"
  [ -z "$(git -C "$repository" status --porcelain)" ] || echo "Changes that are not committed are not part of it."
}

# The package has to lie elsewhere: inside the repository it would leave its files there. Caches and fingerprints
# of the tag are its own as well, for the next commit gets the same tag.
make_consumer() {
  cp -R "$here/Package.swift" "$here/Sources" "$here/Tests" "$work/consumer/"
  package config set-mirror --original "$url" --mirror "file://$work/swift-appc.git" >/dev/null
}

package() { (cd "$work/consumer" && swift package "${separate[@]}" "$@"); }

tests() {
  (cd "$work/consumer" && swift test --disable-xctest "${separate[@]}" --scratch-path "$work/build-tests")
}

threads() {
  (cd "$work/consumer" && swift test --disable-xctest "${separate[@]}" --scratch-path "$work/build-threads" --sanitize=thread)
}

static() {
  local options=("${separate[@]}" --scratch-path "$work/build-static" -c release --static-swift-stdlib)
  local program output status=0
  (cd "$work/consumer" && swift build "${options[@]}" --product RunImage)
  program=$(cd "$work/consumer" && swift build "${options[@]}" --show-bin-path)/RunImage
  ! ldd "$program" | grep swift || fail "the static build needs shared libraries of Swift"

  mkdir -p "$work/image/rootfs/bin"
  cp "$(command -v busybox)" "$work/image/rootfs/bin/busybox"
  cat >"$work/image/manifest" <<'MANIFEST'
{ "acKind": "ImageManifest", "acVersion": "0.8.11", "name": "example.com/hello",
  "app": { "exec": ["/bin/busybox", "sh", "-c", "echo hello; exit 7"], "user": "0", "group": "0" } }
MANIFEST
  tar --create --file "$work/hello.aci" --directory "$work/image" manifest rootfs
  output=$("$program" "$work/hello.aci" "$work/data") || status=$?
  [ "$status" -eq 7 ] || fail "the pod ended with $status instead of 7"
  [ "$output" = hello ] || fail "the pod printed $output instead of hello"
  echo "RunImage, $(du -h "$program" | cut -f1), statically linked: a pod said hello and ended with 7"
}

main() {
  local variant
  [ $# -gt 0 ] || set -- tests static threads
  for variant in "$@"; do
    case $variant in
      tests | static | threads) ;;
      *)
        sed -n '2,8s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
    esac
  done
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # Builds make and remove thousands of files: in memory, if it is there.
  local place=${TMPDIR-}
  if [ -z "$place" ]; then
    if [ -w /dev/shm ]; then place=/dev/shm; else place=/tmp; fi
  fi
  work=$(mktemp -d "$place/appc-consumer-XXXXXX")
  mkdir "$work/consumer" "$work/tmp"
  # The package manager leaves lock files in its temporary directory.
  export TMPDIR=$work/tmp
  separate=(--cache-path "$work/cache" --config-path "$work/config" --security-path "$work/security")
  make_dependency
  make_consumer
  for variant in "$@"; do
    echo "consumer: $variant"
    "$variant"
  done
}

main "$@"
