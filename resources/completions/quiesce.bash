# SPDX-License-Identifier: GPL-3.0-only
# Completion of bash for quiesced, quiesce-console and quiesce-rehearse. Options are those that the
# program's own --help shows, and what completes a value follows from the word that stands for it
# there, so that a new option is known as soon as the program has it.
# shellcheck shell=bash

# One line for each option: the option, and the word for its value when it has one.
_quiesce_options() {
    "$1" --help 2>/dev/null | sed -nE \
        -e 's/^  (-., )?(--[a-z0-9-]+)( <?([^ ,<>]+)>?)?([, ].*)?$/\2 \4/p'
}

_quiesce_values() {
    case $1 in
        FILE) _filedir ;;
        DIR | folder) _filedir -d ;;
        *'|'*) mapfile -t COMPREPLY < <(compgen -W "${1//|/ }" -- "$cur") ;;
        METHOD) mapfile -t COMPREPLY < <(compgen -W 'GET POST' -- "$cur") ;;
        NAME) mapfile -t COMPREPLY < <(compgen -W 'TERM INT QUIT HUP USR1 USR2 WINCH' -- "$cur") ;;
    esac
}

_quiesce() {
    local cur prev words cword split option value i
    _init_completion -s || return
    # What follows -- is another program and its arguments.
    for ((i = 1; i < cword; ++i)); do
        if [[ ${words[i]} == -- ]]; then
            _command_offset $((i + 1))
            return
        fi
    done
    while read -r option value; do
        if [[ $option == "$prev" && -n $value ]]; then
            _quiesce_values "$value"
            return
        fi
    done < <(_quiesce_options "$1")
    ! $split || return 0
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_quiesce_options "$1" | cut -d ' ' -f 1)" -- "$cur")
    fi
}

complete -F _quiesce quiesced quiesce-console quiesce-rehearse
