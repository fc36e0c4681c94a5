#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Installs what is missing, builds and runs every test; fuzzing and clang-tidy when asked to.
set -euo pipefail

usage() {
    cat <<'TEXT'
./test.sh [--preset dev|ci|asan|tsan] [CTEST OPTION…]   build and test; default: dev
                                                        e.g. -R lifecycle, -L style, --rerun-failed
./test.sh --fuzz [SECONDS]                              each fuzz target for so long; default: 60
./test.sh --tidy [FILE…]                                clang-tidy, our sources; default: all
./test.sh --packages [OPTION…]                          builds the Debian packages and tries them in a
                                                        clean root folder; as root
./test.sh --compat [OPTION…] [SUITE…]                   all tests on other Debian releases; as root, hours
./test.sh --docs                                        the library's reference, in build/docs/html
./test.sh --screenshots                                 takes the README's pictures of the console anew

Each installs the Debian packages that are missing first, as root or through sudo.
TEXT
}

# What testing takes beside what building and running does, which run.sh tells. A package is named here
# or there, nowhere else.
packages=(
    clang-format shellcheck # the style tests
    doxygen # warns of what the public headers document wrongly, and makes --docs
    prometheus # promtool, which judges the metrics
    curl openssl # as a user and a client of TLS
    fonts-dejavu-core # what the tests of the console paint with
    dbus gnome-keyring # a real keyring for the console's tokens
    systemd # judges the units, and starts the service by its first connection
    ffmpeg # the transcoding example
    runc iproute2 # quiesced in a real container with an address of its own
    postgresql rabbitmq-server # servers of the tests' own; those that Debian makes with them are left alone
    haproxy python3-yaml # rolling updates: what clients go through, and the manifests
    groff-base mandoc bash-completion # judge manual pages and completions
    appstream desktop-file-utils # and what desktops show of the console
)
fuzz_packages=(clang libclang-rt-dev)
tidy_packages=(clang-tidy)
screenshot_packages=(xvfb xauth)
trial_packages=(
    debootstrap util-linux # a clean root folder, and namespaces
    man-db lintian # which judge the pages and the packages
)
compat_packages=(debootstrap util-linux)
root_packages=(ccache) # within each root folder, before the above

# shellcheck source=resources/scripts/setup.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/resources/scripts/setup.sh"

mapfile -t built_with < <(./run.sh packages)
packages+=("${built_with[@]}")

run_tests() {
    local preset=dev
    if [[ ${1:-} == --preset ]]; then
        preset=${2:?--preset wants a name}
        shift 2
    fi
    install_missing "${packages[@]}"
    configure "$preset"
    build "$preset"
    say "testing preset $preset"
    exec ctest --preset "$preset" "$@"
}

# Starts from the seeds in the tree and from what earlier runs here have found.
fuzz() {
    local seconds=${1:-60} name found
    install_missing "${packages[@]}" "${fuzz_packages[@]}"
    configure fuzz
    local -a targets
    mapfile -t targets < <(ninja -C build/fuzz -t targets all | sed -n 's/^tests\/fuzz\/\(fuzz_[a-z0-9_]*\): CXX_EXECUTABLE.*/\1/p')
    ((${#targets[@]} > 0)) || fail 'there is no fuzz target.'
    build fuzz "${targets[@]}"
    for name in "${targets[@]}"; do
        found=build/fuzz/found/$name
        mkdir -p "$found"
        say "fuzzing $name for $seconds s; an input that breaks it is left in $found.*"
        "build/fuzz/tests/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=4096 \
            -verbosity=0 -print_funcs=0 -print_final_stats=1 -artifact_prefix="$found." \
            "$found" tests/fuzz/corpus
    done
}

# Reads the compile commands of preset ci, whose build has also made what moc adds.
tidy() {
    install_missing "${packages[@]}" "${tidy_packages[@]}"
    configure ci
    build ci
    exec tests/style/tidy build/ci "$@"
}

docs() {
    install_missing "${packages[@]}"
    configure dev
    tests/style/doxygen build/dev/package/headers build/docs
    say 'see build/docs/html/index.html'
}

screenshots() {
    install_missing "${packages[@]}" "${screenshot_packages[@]}"
    configure ci
    build ci console_screenshots
    say 'taking pictures of the console in resources/screenshots; some four minutes'
    exec tests/screenshots/take build/ci/tests/screenshots/console_screenshots
}

# The packages come from where a user's come from.
try_packages() {
    install_missing "${packages[@]}" "${trial_packages[@]}"
    ./run.sh package >&2
    exec tests/packages.sh "$@"
}

compat() {
    install_missing "${compat_packages[@]}"
    export QUIESCE_ROOT_PACKAGES="${root_packages[*]}"
    exec tests/compat.sh "$@"
}

case ${1:-} in
    -h | --help) usage ;;
    --packages) try_packages "${@:2}" ;;
    --compat) compat "${@:2}" ;;
    --fuzz) fuzz "${@:2}" ;;
    --tidy) tidy "${@:2}" ;;
    --docs) docs ;;
    --screenshots) screenshots ;;
    *) run_tests "$@" ;;
esac
