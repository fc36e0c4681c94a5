# SPDX-License-Identifier: GPL-3.0-only
# Root folders of Debian releases, for tests that want a system of their own: made by debootstrap, run
# in by chroot. Sourced, never run. They want root.
# shellcheck shell=bash

# mirror_of_this_machine : of this machine's apt, the first source of Debian's main that is not its
# security archive.
mirror_of_this_machine() {
    # shellcheck disable=SC2016 # apt's own variables
    apt-get indextargets --format '$(ORIGIN)|$(COMPONENT)|$(LABEL)|$(REPO_URI)' \
        'Created-By: Packages' 2>/dev/null | sed -n 's/^Debian|main|Debian|//p' | head -n 1
}

# make_root FOLDER SUITE MIRROR PACKAGE… : only a whole one gets its name.
make_root() {
    local folder=$1 suite=$2 mirror=$3 include
    shift 3
    [[ ! -d $folder ]] || return 0
    include=$(IFS=, && printf '%s' "$*")
    rm -rf --one-file-system -- "$folder.new"
    debootstrap --variant=minbase ${include:+"--include=$include"} "$suite" "$folder.new" "$mirror" >&2 \
        || return
    # A mirror may be one of the past, whose lists say that they have expired.
    printf 'Acquire::Check-Valid-Until "false";\n' >"$folder.new/etc/apt/apt.conf.d/80any-date"
    mv -- "$folder.new" "$folder"
}

# in_root FOLDER SHARED COMMAND… : as root of that folder. SHARED is this machine's folder that it sees
# as /shared. Mounts are made in a mount namespace and processes run in a PID namespace of their own:
# both are gone when this ends, however it ends. Of this machine's environment it has what says how
# the network is reached, and nothing else.
in_root() {
    local folder=$1 shared=$2 name
    shift 2
    cp -- /etc/resolv.conf "$folder/etc/resolv.conf"
    local -a environment=(
        HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
        DEBIAN_FRONTEND=noninteractive
    )
    for name in http_proxy https_proxy no_proxy; do
        [[ -z ${!name:-} ]] || environment+=("$name=${!name}")
    done
    # shellcheck disable=SC2016 # expanded in there
    unshare --mount --propagation private --pid --fork --kill-child bash -c '
        set -e
        mount --rbind /dev "$1/dev"
        mount -t proc proc "$1/proc"
        mount --rbind /sys "$1/sys"
        mkdir -p "$1/shared"
        mount --bind "$2" "$1/shared"
        exec chroot "$1" env -i "${@:3}"' bash "$folder" "$shared" "${environment[@]}" "$@"
}
