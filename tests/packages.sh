#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-only
# Installs the Debian packages in a clean root folder of this machine's release, uses them as an
# administrator would, removes and purges them, and looks what is left; then has lintian judge them.
# Run it as ./test.sh --packages, which builds them and installs what it takes.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
# shellcheck source=resources/scripts/rootfolder.sh
source resources/scripts/rootfolder.sh

usage() {
    cat <<'TEXT'
tests/packages.sh [OPTION…]

  --keep          leave the clean root folder, so that the next run is quick; else it is removed
  --roots DIR     where it is (default: /var/tmp/quiesce-packages); it takes some 2 GB meanwhile
  --mirror URL    the Debian mirror (default: the one that this machine's apt uses)

It wants to be root, for chroot and mounts, which are in namespaces of their own. It takes the packages
that ./run.sh package has left in build/packages.
TEXT
}

faults=0
say() { printf 'packages: %s\n' "$*" >&2; }
fault() {
    printf 'packages: FAULT: %s\n' "$@" >&2
    faults=$((faults + 1))
}
fail() {
    printf 'packages: %s\n' "$@" >&2
    exit 1
}

within() { in_root "$root" "$packages" "$@"; }
installed_file() { [[ -e $root/$1 || -L $root/$1 ]] || fault "$1 is not there"; }
apt_inside() { within apt-get -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "$@"; }

# Every path there is, and what is in those of /etc, but for what package management keeps for itself.
contents() {
    (cd -- "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./shared -o -path ./tmp \
        -o -path ./var/lib/dpkg -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log \
        -o -path ./etc/resolv.conf -o -path './etc/.pwd.lock' \) -prune -o -print | sort
        find etc -type f ! -name 'passwd*' ! -name 'group*' ! -name 'shadow*' ! -name 'gshadow*' \
            ! -name ld.so.cache ! -name resolv.conf -exec sha256sum {} + | sort)
}

# What the packages need is there before they come: it is not what is left of them.
install_what_they_need() {
    apt_inside update
    local -a needed
    mapfile -t needed < <(apt_inside --simulate install "${debs[@]/#//shared/}" | sed -n 's/^Inst \([^ ]*\) .*/\1/p' \
        | grep -vxE 'quiesced|quiesce-console|libquiesce-dev')
    say "installing the ${#needed[@]} packages that they need"
    apt_inside install "${needed[@]}"
}

check_files() {
    local file
    for file in usr/bin/quiesced usr/bin/quiesce-rehearse usr/bin/quiesce-console \
        usr/share/man/man1/quiesced.1.gz usr/share/man/man1/quiesce-rehearse.1.gz \
        usr/share/man/man1/quiesce-console.1.gz usr/share/man/man5/quiesced.toml.5.gz \
        usr/share/bash-completion/completions/quiesced usr/share/bash-completion/completions/quiesce-console \
        usr/share/bash-completion/completions/quiesce-rehearse \
        etc/quiesce/quiesced.toml usr/lib/sysusers.d/quiesced.conf \
        usr/share/applications/quiesce-console.desktop usr/share/metainfo/org.quiesce.Console.metainfo.xml \
        usr/share/icons/hicolor/scalable/apps/quiesce-console.svg usr/share/icons/hicolor/128x128/apps/quiesce-console.png \
        usr/share/doc/quiesced/copyright usr/share/doc/quiesced/changelog.Debian.gz \
        usr/include/quiesce/service/program.h; do
        installed_file "$file"
    done
    [[ -n $(find "$root/usr/lib" -path '*/cmake/Quiesce/QuiesceConfig.cmake') ]] || fault 'there is no CMake package'
    for file in resources/systemd/*; do
        installed_file "usr/lib/systemd/system/${file##*/}"
    done
    installed_file etc/systemd/system/multi-user.target.wants/quiesced.service
    installed_file etc/systemd/system/sockets.target.wants/quiesced-traffic.socket
    installed_file etc/systemd/system/sockets.target.wants/quiesced-admin.socket
    for file in "$root"/usr/share/man/man[15]/quiesce*; do
        local said
        said=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z "$file" 2>&1 >/dev/null) || true
        [[ -z $said ]] || fault "$file: man says: $said"
    done
    local who
    who=$(within stat --format '%U %G %a' /var/lib/quiesced) || true
    [[ $who == 'quiesced quiesced 700' ]] || fault "/var/lib/quiesced is: $who"
    who=$(within getent passwd quiesced) || true
    [[ $who == quiesced:*:/usr/sbin/nologin ]] || fault "the user is: $who"
}

# The service, started by hand as systemd would: by its user, in its folders, with its configuration.
run_service() {
    cat >"$root/tmp/use" <<'TEXT'
set -eu
STATE_DIRECTORY=/var/lib/quiesced RUNTIME_DIRECTORY=/run/quiesced quiesced \
    --config /etc/quiesce/quiesced.toml --listen 127.0.0.1:0 --admin-listen 127.0.0.1:0 \
    >/tmp/ready 2>/tmp/log &
service=$!
until grep -q '^quiesced ready' /tmp/ready; do
    kill -0 $service 2>/dev/null || { cat /tmp/log && exit 1; }
    sleep 0.1
done
address=$(sed -n 's|^quiesced ready traffic=http://\([^ ]*\) .*|\1|p' /tmp/ready)
body='{"kind":"sleep","payload":{"ms":60000}}'
exec 3<>"/dev/tcp/${address%:*}/${address#*:}"
printf 'POST /v1/jobs HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s' \
    "$address" ${#body} "$body" >&3
read -r status <&3
[[ $status == *' 201 '* ]] || { echo "a job was answered $status" && cat /tmp/log && exit 1; }
kill -TERM $service
wait $service
test -s /var/lib/quiesced/jobs.db
compgen -G '/var/lib/quiesced/reports/*' >/dev/null
TEXT
    within sh -euc '
        install -d -o quiesced -g quiesced -m 0755 /run/quiesced
        install -o quiesced /dev/null /tmp/ready
        install -o quiesced /dev/null /tmp/log
        timeout 120 setpriv --reuid quiesced --regid quiesced --init-groups --no-new-privs bash /tmp/use
        rm -rf /tmp/use /tmp/ready /tmp/log /run/quiesced'
}

rehearse() {
    within sh -euc '
        timeout 120 quiesce-rehearse --quiet --stops 2 --clients 8 --fresh 2 --expect-exit 0 \
            --ready-path /readyz --url "http://127.0.0.1:{port}/hello" \
            -- quiesced --listen "127.0.0.1:{port}" --admin-listen 127.0.0.1:0 \
            --data-dir /tmp/rehearsal --runtime-dir /tmp/rehearsal/run
        rm -rf /tmp/rehearsal'
}

use_packages() {
    check_files
    local version program
    version=$(sed -n 's/^project(Quiesce VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
    for program in quiesced quiesce-rehearse quiesce-console; do
        [[ $(within "$program" --version) == "$program $version" ]] || fault "$program --version"
    done
    within quiesced --config /etc/quiesce/quiesced.toml --check-config \
        || fault 'its own configuration does not please quiesced'
    run_service || fault "the service did not run: exit $?"
    rehearse || fault "the rehearsal failed: exit $?"
}

remove_packages() {
    say 'installing them once more, as an upgrade would'
    apt_inside install --reinstall "${debs[@]/#//shared/}" || fault 'they cannot be installed again'
    installed_file var/lib/quiesced/jobs.db
    say 'removing, then purging them'
    within dpkg --remove quiesced quiesce-console libquiesce-dev || fault 'they cannot be removed'
    installed_file etc/quiesce/quiesced.toml
    installed_file var/lib/quiesced/jobs.db
    [[ ! -e $root/usr/bin/quiesced ]] || fault 'usr/bin/quiesced is still there'
    within dpkg --purge quiesced quiesce-console libquiesce-dev || fault 'they cannot be purged'
}

# Errors and warnings of lintian are faults. The packages go to no archive, so they close no bug of it.
judge_packages() {
    say 'lintian'
    local said
    said=$(cd -- "$packages" && lintian --no-cfg --allow-root --fail-on none \
        --suppress-tags initial-upload-closes-no-bugs "${debs[@]}" 2>&1) || fault "lintian left with $?"
    [[ -z $said ]] || fault "lintian says: $said"
}

roots=/var/tmp/quiesce-packages
keep=0
mirror=
while (($# > 0)); do
    case $1 in
        -h | --help) usage && exit ;;
        --keep) keep=1 ;;
        --roots | --mirror)
            (($# > 1)) || fail "$1 wants a value"
            if [[ $1 == --roots ]]; then roots=$2; else mirror=$2; fi
            shift
            ;;
        *) fail "unknown option $1; --help tells those there are" ;;
    esac
    shift
done
((EUID == 0)) || fail 'this needs root: chroot and mounts'
packages=$PWD/build/packages
mapfile -t debs < <(cd -- "$packages" 2>/dev/null && printf '%s\n' *.deb)
((${#debs[@]} == 3)) || fail "there are not three packages in $packages; ./run.sh package builds them"
[[ -n $mirror ]] || mirror=$(mirror_of_this_machine)
[[ -n $mirror ]] || fail "this machine's apt names no Debian mirror; give one by --mirror"
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
clean=$roots/$suite
root=$roots/$suite.used
mkdir -p -- "$roots"
cleanup() {
    rm -rf --one-file-system -- "$root" "$roots"/*.new
    ((keep)) || rm -rf --one-file-system -- "$clean"
}
trap cleanup EXIT
trap 'exit 130' INT TERM HUP

say "making $clean by debootstrap from $mirror, unless it is there"
make_root "$clean" "$suite" "$mirror" ca-certificates || fail 'debootstrap failed'
rm -rf --one-file-system -- "$root"
cp --archive --reflink=auto -- "$clean" "$root"
install_what_they_need >&2
contents >"$roots/before"
say "installing ${debs[*]}"
apt_inside install "${debs[@]/#//shared/}" >&2 || fail 'they cannot be installed'
use_packages >&2
remove_packages >&2
contents >"$roots/after"
diff --unified "$roots/before" "$roots/after" >&2 || fault 'a purge leaves something behind'
judge_packages
((faults == 0)) || fail "$faults faults"
say 'the packages install, run, and leave nothing behind'
