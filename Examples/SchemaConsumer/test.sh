#!/usr/bin/env bash
# Builds and tests this package against the last commit of the repository that it lies in, by version, with nothing
# there of what the other products need: no header, no library to link, no pkg-config file, no other package.
#
#   ./test.sh [VARIANT...]      tests, static; both by default
#     tests      swift test
#     static     swift build -c release --static-swift-stdlib, and a run of what it makes
#
# They are hidden in a mount namespace of the build's own; the machine keeps them. Needs root.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
repository=$(git -C "$here" rev-parse --show-toplevel)
# The version that is about to be; an importer asks for it, or for a later one.
version=0.1.0
url=https://example.com/swift-appc.git
# What the packages for building the other products install, under /usr; see Scripts/install-packages.
headers=(isa-l.h isa-l libdeflate.h openssl sys/capability.h)
libraries=(libisal libdeflate libcrypto libssl libcap)
work=''

fail() {
  echo "schema-consumer: $1" >&2
  exit 1
}

clean_up() { [ -z "$work" ] || rm -rf -- "$work"; }

# --- outside: the package --------------------------------------------------------------------------------

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
  mkdir "$work/consumer"
  cp -R "$here/Package.swift" "$here/Sources" "$here/Tests" "$work/consumer/"
  swift_package package config set-mirror --original "$url" --mirror "file://$work/swift-appc.git" >/dev/null
}

swift_package() {
  local command=$1
  shift
  (
    cd "$work/consumer"
    swift "$command" --cache-path "$work/cache" --config-path "$work/config" --security-path "$work/security" "$@"
  )
}

# --- inside: a machine that has less ---------------------------------------------------------------------

# Lays an overlay over /usr, in this mount namespace only, in which the files are not there. Nothing is removed:
# their absence is written into a file system of our own.
hide() {
  mount -t tmpfs tmpfs "$work/less"
  mkdir "$work/less/upper" "$work/less/work"
  local path
  while read -r path; do
    mkdir -p "$work/less/upper/$(dirname "$path")"
    mknod "$work/less/upper/$path" c 0 0
  done < <(installed)
  mount -t overlay overlay -o "lowerdir=/usr,upperdir=$work/less/upper,workdir=$work/less/work" /usr
}

# Where they are, relative to /usr. What programs load (libcrypto.so.3) stays, for it comes with every machine.
installed() {
  local places=() name
  for name in include local/include lib lib64 local/lib local/lib64 share/pkgconfig bin local/bin; do
    [ ! -d "/usr/$name" ] || [ -L "/usr/$name" ] || places+=("$name")
  done
  local wanted=(-name pkg-config -o -name pkgconf -o -name openssl.pc)
  for name in "${headers[@]}"; do wanted+=(-o -path "*include/$name" -o -path "*include/*-linux-*/$name"); done
  for name in "${libraries[@]}"; do
    wanted+=(-o -name "$name.so" -o -name "$name.a" -o -name "$name.pc")
  done
  (cd /usr && find "${places[@]}" -maxdepth 4 '(' "${wanted[@]}" ')' -prune -print)
}

# Nothing is proved unless they are really gone.
check_hidden() {
  local name
  for name in isa-l.h libdeflate.h openssl/evp.h sys/capability.h; do
    ! clang -fsyntax-only -x c - <<<"#include <$name>" 2>/dev/null || fail "$name is still to be found"
  done
  for name in isal deflate crypto cap; do
    ! clang -x c - -o "$work/linked" -l"$name" <<<'int main(void) { return 0; }' 2>/dev/null \
      || fail "lib$name can still be linked"
  done
  clang -x c - -o "$work/linked" <<<'int main(void) { return 0; }' || fail "clang finds nothing at all here"
  ! command -v pkg-config || fail "pkg-config is still there"
  echo "Not there: ${headers[*]} ${libraries[*]} pkg-config"
}

# Runs a build, and fails if it warns of anything but what is not there: the package manager looks for the libraries
# of the whole package, and says so, before it finds that it builds nothing that needs them.
quietly() {
  "$@" 2>&1 | tee "$work/output"
  ! grep 'warning:' "$work/output" | grep -v -e 'with pkg-config;' -e 'using your system-packager:$' >&2 \
    || fail "the build warns"
}

# What was compiled: this package and AppcSchema. The tool is what the package manager makes for the plugin of
# another product, in Swift alone, whichever product is asked for.
check_products() {
  local names name
  names=$(find "$1"/*/ -path '*.build/*.o' -printf '%h\n' | sed 's:.*/::' | sort -u | tr '\n' ' ')
  echo "Compiled: $names"
  [[ $names == *AppcSchema.build* ]] || fail "AppcSchema was not compiled"
  for name in $names; do
    case $name in
      AppcSchema.build | ReadManifest.build | ReadManifestTests.build | schema_consumerPackage*.build) ;;
      stageinit_builder-tool.build) ;;
      *) fail "$name was compiled, and AppcSchema does not need it" ;;
    esac
  done
}

check_program() {
  local program=$1 output
  if ldd "$program" | grep -E 'lib(isal|deflate|crypto|ssl|cap|archive|Foundation)'; then
    fail "the program needs these libraries"
  fi
  output=$("$program" --upgrade <<<'{"acKind":"ImageManifest","acVersion":"0.5.1","name":"a","dependencies":[{"app":"b"}]}' \
    2>/dev/null)
  [ "$output" = '{"acKind":"ImageManifest","acVersion":"0.8.11","name":"a","dependencies":[{"imageName":"b"}]}' ] \
    || fail "the program made of a manifest of 0.5.1: $output"
}

tests() {
  quietly swift_package test --disable-xctest --scratch-path "$work/build-tests"
  check_products "$work/build-tests"
  check_program "$work/build-tests/debug/ReadManifest"
}

static() {
  quietly swift_package build --scratch-path "$work/build-static" -c release --static-swift-stdlib
  check_products "$work/build-static"
  local program=$work/build-static/release/ReadManifest
  check_program "$program"
  ! ldd "$program" | grep swift || fail "the static build needs shared libraries of Swift"
  echo "ReadManifest, $(du -h "$program" | cut -f1), statically linked: brought a manifest up to date"
}

inside() {
  hide
  check_hidden
  local variant
  for variant in "$@"; do
    echo "schema-consumer: $variant"
    "$variant"
  done
}

# ---------------------------------------------------------------------------------------------------------

main() {
  if [ "${1-}" = inside ]; then
    work=$2
    shift 2
    inside "$@"
    return
  fi
  local variant
  [ $# -gt 0 ] || set -- tests static
  for variant in "$@"; do
    case $variant in
      tests | static) ;;
      *)
        sed -n '2,10s/^# \{0,1\}//p' "$0"
        exit 2
        ;;
    esac
  done
  [ "$(id -u)" -eq 0 ] || fail "hiding files in a mount namespace needs root"
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  # Builds make and remove thousands of files: in memory, if it is there.
  local place=${TMPDIR-}
  if [ -z "$place" ]; then
    if [ -w /dev/shm ]; then place=/dev/shm; else place=/tmp; fi
  fi
  work=$(mktemp -d "$place/appc-schema-consumer-XXXXXX")
  mkdir "$work/tmp" "$work/less"
  # The package manager leaves lock files in its temporary directory.
  export TMPDIR=$work/tmp
  make_dependency
  make_consumer
  unshare --mount --propagation private -- "$here/test.sh" inside "$work" "$@"
}

main "$@"
