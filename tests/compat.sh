#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Builds the tree and runs every test on other Debian releases, each in a root folder of its own
# made by debootstrap, and prints what came of it as the README's table. Run it as ./test.sh --compat,
# which installs what it takes.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=resources/scripts/rootfolder.sh
source resources/scripts/rootfolder.sh

usage() {
    cat <<'TEXT'
tests/compat.sh [OPTION…] [SUITE…]   default: trixie (Debian 13) and sid (the newest Qt in Debian)

  --keep             leave the root folders, so that the next run is quick; else they are removed
  --roots DIR        where they are (default: /var/tmp/quiesce-compat); each takes some 8 GB
  --mirror URL       the Debian mirror (default: the one that this machine's apt uses)
  --preset PRESET    as for ./test.sh (default: ci: warnings are errors)
  -- CTEST OPTION…   as for ./test.sh; without any, all tests are run

It wants to be root, for chroot and mounts. Mounts are made in a mount namespace of their own, and
processes run in a PID namespace of their own: both are gone when this ends, however it ends. What is
built is the working tree as it is, with changes that are not committed. Compilers' output is kept in
DIR/ccache, logs are DIR/SUITE.log, the result of each suite is DIR/SUITE.result.
TEXT
}

fail() {
    printf 'compat: %s\n' "$@" >&2
    exit 1
}

say() { printf 'compat: %s\n' "$*" >&2; }

# What git knows and what it does not ignore, or all but builds where there is no git.
list_tree() {
    if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
        git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
            [[ ! -e $file ]] || printf '%s\0' "$file"
        done
    else
        find . -path ./build -prune -o \( -type f -o -type l \) -print0
    fi
}

# The build that an earlier run left there stays.
copy_tree() {
    local there=$1/quiesce
    mkdir -p -- "$there"
    find "$there" -mindepth 1 -maxdepth 1 ! -name build -exec rm -rf -- {} +
    list_tree | tar --create --null --no-recursion --files-from=- | tar --extract --directory="$there"
}

# row SUITE STATUS : from its log, a row of the table.
row() {
    local suite=$1 status=$2 log=$roots/$1.log qt gcc total bad skipped outcome
    # shellcheck disable=SC2016 # dpkg-query's own variables
    qt=$(chroot "$roots/$suite" dpkg-query --show --showformat='${Version}' qt6-base-dev 2>/dev/null) || qt=none
    gcc=$(chroot "$roots/$suite" g++ -dumpfullversion 2>/dev/null) || gcc=none
    read -r bad total < <(sed -n 's/^[0-9]*% tests passed, \([0-9]*\) tests failed out of \([0-9]*\)$/\1 \2/p' "$log" | tail -n 1) || true
    skipped=$(grep -c '\*\*\*Skipped ' "$log") || true
    if [[ -z ${total:-} ]]; then
        outcome="no tests were run (exit $status)"
    else
        outcome="$((total - bad - skipped)) passed, $bad failed"
        ((skipped == 0)) || outcome+=", $skipped skipped"
    fi
    printf '| %s | %s | %s | %s | %s | %s |\n' "$suite" "${qt%%[+-]*}" "$gcc" "$outcome" "$(date +%F)" "$commit"
}

run_suite() {
    local suite=$1 status=0
    say "making $roots/$suite by debootstrap from $mirror, unless it is there"
    # shellcheck disable=SC2086 # several names
    make_root "$roots/$suite" "$suite" "$mirror" ca-certificates ${QUIESCE_ROOT_PACKAGES:-}
    copy_tree "$roots/$suite"
    say "building and testing on $suite; what it says goes to $roots/$suite.log"
    # shellcheck disable=SC2016 # expanded in there
    in_root "$roots/$suite" "$roots/ccache" env CCACHE_DIR=/shared sh -c 'cd /quiesce && exec "$@"' \
        sh ./test.sh --preset "$preset" "${ctest_options[@]}" >"$roots/$suite.log" 2>&1 || status=$?
    row "$suite" "$status" >"$roots/$suite.result"
    ((status == 0)) || {
        failures+=("$suite")
        grep -E 'error:|\*\*\*|^The following tests FAILED' "$roots/$suite.log" | tail -n 40 >&2 || true
    }
    ((keep)) || rm -rf --one-file-system -- "${roots:?}/$suite"
}

roots=/var/tmp/quiesce-compat
keep=0
mirror=
preset=ci
suites=()
ctest_options=()
failures=()
while (($# > 0)); do
    case $1 in
        -h | --help) usage && exit ;;
        --keep) keep=1 ;;
        --roots | --mirror | --preset)
            (($# > 1)) || fail "$1 wants a value"
            case $1 in
                --roots) roots=$2 ;;
                --mirror) mirror=$2 ;;
                --preset) preset=$2 ;;
            esac
            shift
            ;;
        --)
            shift
            ctest_options=("$@")
            break
            ;;
        -*) fail "unknown option $1; --help tells those there are" ;;
        *) suites+=("$1") ;;
    esac
    shift
done
((${#suites[@]} > 0)) || suites=(trixie sid)

((EUID == 0)) || fail 'this needs root: chroot and mounts'
command -v debootstrap >/dev/null || fail 'debootstrap is not here; ./test.sh --compat installs it'
[[ -n $mirror ]] || mirror=$(mirror_of_this_machine)
[[ -n $mirror ]] || fail "this machine's apt names no Debian mirror; give one by --mirror"
mkdir -p -- "$roots/ccache"
commit=$(git describe --always --dirty=+changes 2>/dev/null) || commit=unknown

# A root folder that is half removed or half made would only confuse the next run.
trap 'rm -rf --one-file-system -- "$roots"/*.new' EXIT
trap 'exit 130' INT TERM HUP

for suite in "${suites[@]}"; do
    run_suite "$suite"
done
printf '| suite | Qt | GCC | tests | date | commit |\n|---|---|---|---|---|---|\n'
for suite in "${suites[@]}"; do
    cat -- "$roots/$suite.result"
done
((${#failures[@]} == 0)) || fail "failed on ${failures[*]}"
