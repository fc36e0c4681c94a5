# SPDX-License-Identifier: GPL-3.0-only
# The mechanics that run.sh, test.sh and .ci/run share: say what is done, install what is missing,
# configure, build. Sourced, never run. Which packages there are is not known here.
# shellcheck shell=bash

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
readonly root
cd -- "$root" || exit

# Qt wants a UTF-8 locale and says so on every start without one; a bare system has only C.UTF-8.
[[ -n ${LC_ALL:-}${LANG:-} ]] || export LANG=C.UTF-8

# Everything these scripts say goes to stderr: stdout belongs to the program that is run.
if [[ -t 2 ]]; then
    readonly strong=$'\e[1m' plain=$'\e[0m'
else
    readonly strong='' plain=''
fi

say() { printf '%s==> %s%s\n' "$strong" "$*" "$plain" >&2; }

fail() {
    printf '%serror: %s%s\n' "$strong" "$1" "$plain" >&2
    shift
    (($# == 0)) || printf '       %s\n' "$@" >&2
    exit 1
}

# missing_packages NAME… : those that dpkg does not have installed, one a line. A name `a|b` is one
# package that releases call differently: either will do.
missing_packages() {
    local status name either
    local -A installed=()
    while read -r status name; do
        [[ $status == ?i ]] && installed[$name]=1
    done < <(
        # shellcheck disable=SC2086,SC2048 # split at the bars
        IFS='|' && dpkg-query --show --showformat='${db:Status-Abbrev} ${Package}\n' ${*} 2>/dev/null
    )
    for name in "$@"; do
        for either in ${name//|/ }; do
            [[ -z ${installed[$either]:-} ]] || continue 2
        done
        printf '%s\n' "$name"
    done
}

# first_known NAME : of a name `a|b` the first that apt can install here; of another, itself.
first_known() {
    local either
    for either in ${1//|/ }; do
        [[ -z $(apt-cache --no-all-versions show "$either" 2>/dev/null) ]] || break
    done
    printf '%s\n' "$either"
}

# install_missing NAME… : asks dpkg first, and apt (as root or through sudo) only for the rest.
install_missing() {
    local name
    local -a missing privilege=()
    if ! command -v dpkg-query >/dev/null; then
        say "not a Debian system; these Debian packages, or what stands for them, must be there: $*"
        return
    fi
    mapfile -t missing < <(missing_packages "$@")
    ((${#missing[@]} > 0)) || return 0

    say "installing ${#missing[@]} missing packages: ${missing[*]}"
    if ((EUID != 0)); then
        command -v sudo >/dev/null \
            || fail 'packages are missing, this is not root, and there is no sudo.' \
                'Have root run this once, then start again:' \
                "apt-get update && apt-get install --no-install-recommends ${missing[*]%%|*}"
        privilege=(sudo)
    fi
    apt_get() {
        "${privilege[@]}" env DEBIAN_FRONTEND=noninteractive \
            apt-get -q -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0 "$@" >&2
    }
    # A third party's broken source must not stop us: whether it matters shows in the next step.
    apt_get update || say 'apt-get update complained; trying with the lists there are'
    mapfile -t missing < <(for name in "${missing[@]}"; do first_known "$name"; done)
    apt_get install --yes --no-install-recommends "${missing[@]}" \
        || fail 'apt-get could not install what is missing; its reason is above.'
}

# configure PRESET [CMAKE OPTION…] : runs CMake only when there is no build tree yet, when the presets
# are newer than it, when it was made for another folder (a copied clone), or when there are options.
# Ninja sees to the rest.
configure() {
    local preset=$1 tree=$root/build/$1 stamp=$root/build/$1/.configured fresh=()
    shift
    if [[ -f $tree/CMakeCache.txt ]] \
        && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$tree/CMakeCache.txt"; then
        fresh=(--fresh)
    elif [[ $# == 0 && -f $tree/build.ninja && $stamp -nt CMakePresets.json ]]; then
        return 0
    fi
    # Compiled once, kept for every preset's next build and for the next clone.
    if command -v ccache >/dev/null; then
        export CMAKE_CXX_COMPILER_LAUNCHER=${CMAKE_CXX_COMPILER_LAUNCHER-ccache}
    fi
    say "configuring preset $preset"
    cmake --preset "$preset" "${fresh[@]}" "$@" >&2
    touch "$stamp"
}

# build PRESET [TARGET…]
build() {
    local preset=$1 targets=()
    shift
    (($# == 0)) || targets=(--target "$@")
    export CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root}
    export CCACHE_SLOPPINESS=${CCACHE_SLOPPINESS:-pch_defines,time_macros} # or no PCH is cached
    say "building preset $preset${1:+: $*}"
    cmake --build --preset "$preset" --parallel "$(nproc)" "${targets[@]}" >&2
}
