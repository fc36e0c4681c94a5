#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Installs what is missing, builds release and runs the service, beside it the console where there is a
# display; or the console alone, or the service's rehearsal.
set -euo pipefail

usage() {
    cat <<'TEXT'
./run.sh [OPTION…]            run quiesced in the foreground, and beside it quiesce-console where there
                              is a display; the options are quiesced's own
./run.sh console [OPTION…]    run quiesce-console alone; the options are its own
./run.sh rehearse [OPTION…]   stop quiesced ten times under load and count what was lost;
                              the options are quiesce-rehearse's own, exit 0: nothing was
./run.sh package              build the Debian packages quiesced, quiesce-console and libquiesce-dev
                              into build/packages
./run.sh packages             print the Debian packages that building and running takes, one a line

Each installs the Debian packages that are missing (as root or through sudo) and build release first.
quiesced's options: ./run.sh --config FILE, --listen ADDR:PORT, … ; all of them: README.md, Settings.
QUIESCE_RUN_CONSOLE=no leaves the console out where there is a display.
TEXT
}

# What building and running takes on Debian 12 and later; a|b is what releases call differently. A package is named here or in test.sh, nowhere else.
packages=(
    g++ cmake ninja-build
    qt6-base-dev qt6-httpserver-dev
    qt6-websockets-dev # QtHttpServer's CMake package asks for it
    libqt6sql6-sqlite libqt6sql6-psql libpq-dev # the job stores, at run time, and what one of them listens with
    'libqt6svg6-dev|qt6-svg-dev' libqcustomplot-dev qtkeychain-qt6-dev # the console
    qt6-tools-dev qt6-l10n-tools qt6-translations-l10n # its translations, and Qt's own
    libtomlplusplus-dev libboost-dev
    prometheus-cpp-dev libsodium-dev libssl-dev libsystemd-dev librabbitmq-dev librdkafka-dev pkg-config
    curl # to try it with
)
# To make packages with, and what those depend on beside the libraries that dpkg-shlibdeps finds.
package_packages=(dpkg-dev file gzip)
service_depends=(
    libqt6sql6-sqlite libqt6sql6-psql # the job stores
    'systemd | systemd-standalone-sysusers | systemd-sysusers' # makes the user
)
dev_depends=(
    qt6-base-dev qt6-httpserver-dev
    qt6-websockets-dev # QtHttpServer's CMake package asks for it
    libtomlplusplus-dev prometheus-cpp-dev libsodium-dev libssl-dev libsystemd-dev libpq-dev
    librabbitmq-dev librdkafka-dev pkg-config
)

# shellcheck source=resources/scripts/setup.sh
source "$(dirname -- "${BASH_SOURCE[0]}")/resources/scripts/setup.sh"

readonly programs=$root/build/release
readonly quiesced=$programs/service/quiesced
readonly console=$programs/console/quiesce-console

# Passes quiesced's output on and, once it says that it is ready, tells how to try it. It lives
# until quiesced closes its stdout, so it must not mind the Ctrl-C meant for quiesced.
show_and_tell() {
    trap '' INT TERM HUP
    local line
    while IFS= read -r line; do
        printf '%s\n' "$line"
        [[ $line =~ ^quiesced\ ready\ traffic=([^ ]+)\ admin=([^ ]+)\ pid=([0-9]+) ]] || continue
        cat >&2 <<TEXT

${strong}quiesced serves on ${BASH_REMATCH[1]}${plain} (admin: ${BASH_REMATCH[2]}). Try, in another terminal:

    curl ${BASH_REMATCH[1]}/hello
    curl -d 'it comes back' ${BASH_REMATCH[1]}/echo
    curl '${BASH_REMATCH[1]}/readyz?verbose'
    curl '${BASH_REMATCH[1]}/work?ms=5000'     # and stop it meanwhile: the answer still comes
    curl ${BASH_REMATCH[2]}/metrics

${strong}Ctrl-C${plain}, or kill ${BASH_REMATCH[3]}, stops it gracefully; once more stops it now.

TEXT
    done
}

wants_console() {
    [[ -n ${DISPLAY:-}${WAYLAND_DISPLAY:-} && ${QUIESCE_RUN_CONSOLE:-yes} != no ]]
}

# In a session of its own: the Ctrl-C that stops the service is not for the console, which shows how
# the stop went and stays until it is closed.
open_console() {
    say "opening $console beside it; closing it never touches the service"
    setsid -- "$console" </dev/null >/dev/null 2>"$programs/console/log" &
}

# The service takes this shell's place: one process gets each signal, once, and the exit code is its.
serve() {
    install_missing "${packages[@]}"
    configure release
    local -a targets=(quiesced)
    ! wants_console || targets+=(quiesce-console)
    build release "${targets[@]}"
    local option
    for option in "$@"; do
        case $option in
            --help* | -h | --version | -v | --check-config | --print-*) exec "$quiesced" "$@" ;;
        esac
    done
    ! wants_console || open_console
    say "starting $quiesced $*"
    exec "$quiesced" "$@" > >(show_and_tell)
}

run_console() {
    install_missing "${packages[@]}"
    configure release
    build release quiesced quiesce-console # the former for its button that starts a demo
    exec "$console" "$@"
}

# Options given here come after ours and so win; a command given after -- is rehearsed instead.
rehearse() {
    install_missing "${packages[@]}"
    configure release
    build release quiesced quiesce-rehearse
    local data=$programs/rehearsal
    rm -rf -- "$data"
    mkdir -p -- "$data"
    local -a command=(
        -- "$quiesced" --listen '127.0.0.1:{port}' --admin-listen 127.0.0.1:0
        --data-dir "$data" --runtime-dir "$data/run" --log-level warning
    )
    [[ " $* " != *' -- '* ]] || command=()
    say "rehearsing; what quiesced says goes to $data/log"
    exec "$programs/tests/rehearse/quiesce-rehearse" \
        --clients 128 --fresh 32 --think 2ms --method POST --body 64 --stops 10 --expect-exit 0 \
        --url 'http://127.0.0.1:{port}/echo' --ready-path /readyz --log "$data/log" \
        "$@" "${command[@]}"
}

# Built with the flags that Debian builds its own packages with.
package() {
    install_missing "${packages[@]}" "${package_packages[@]}"
    export DEB_BUILD_MAINT_OPTIONS=hardening=+all DEB_CXXFLAGS_MAINT_STRIP='-g -O2'
    local flags
    flags="$(dpkg-buildflags --get CXXFLAGS) $(dpkg-buildflags --get CPPFLAGS)"
    configure package "-DCMAKE_CXX_FLAGS=$flags" "-DCMAKE_EXE_LINKER_FLAGS=$(dpkg-buildflags --get LDFLAGS)" \
        "-DQUIESCE_SERVICE_DEPENDS=$(joined "${service_depends[@]}")" \
        "-DQUIESCE_DEV_DEPENDS=$(joined "${dev_depends[@]}")"
    build package
    say 'packing'
    rm -rf -- build/packages
    cpack --config build/package/CPackConfig.cmake >&2
    rm -rf -- build/packages/_CPack_Packages
    printf '%s\n' build/packages/*.deb
}

joined() {
    local all
    all=$(printf '%s, ' "$@")
    printf '%s' "${all%, }"
}

case ${1:-} in
    -h | --help) usage ;;
    package) package ;;
    packages) printf '%s\n' "${packages[@]}" ;;
    console) run_console "${@:2}" ;;
    rehearse) rehearse "${@:2}" ;;
    *) serve "$@" ;;
esac
