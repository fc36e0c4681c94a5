# SPDX-License-Identifier: GPL-3.0-only
# Run by the build: writes OUT, PACKAGE's changelog as Debian has it, from IN, the project's CHANGELOG.md.
cmake_minimum_required(VERSION 3.25)
file(STRINGS "${IN}" lines)
set(days Thu Fri Sat Sun Mon Tue Wed) # 1970 began with a Thursday
set(months "" Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec)
set(text "")
set(end "")

# Midnight UTC of YYYY-MM-DD as RFC 5322 has it, by the number of days since 1970.
function(quiesce_mail_date date into)
    string(REGEX MATCH "^([0-9]+)-0?([0-9]+)-0?([0-9]+)$" matched "${date}")
    set(year ${CMAKE_MATCH_1})
    set(month ${CMAKE_MATCH_2})
    set(day ${CMAKE_MATCH_3})
    list(GET months ${month} name)
    # A year that begins in March: a leap day is its last.
    math(EXPR shifted "(${month} + 9) % 12")
    math(EXPR y "${year} - ${shifted} / 10")
    math(EXPR number
         "365 * ${y} + ${y} / 4 - ${y} / 100 + ${y} / 400 + (153 * ${shifted} + 2) / 5 + ${day} - 719469"
    )
    math(EXPR weekday "${number} % 7")
    list(GET days ${weekday} dayname)
    string(REGEX MATCH "[0-9]+$" padded "${date}")
    set(${into} "${dayname}, ${padded} ${name} ${year} 00:00:00 +0000" PARENT_SCOPE)
endfunction()

foreach(line IN LISTS lines)
    if(line MATCHES "^## ([^ ]+) ([0-9]+-[0-9]+-[0-9]+)$")
        set(version "${CMAKE_MATCH_1}")
        quiesce_mail_date("${CMAKE_MATCH_2}" date)
        string(APPEND text "${end}${PACKAGE} (${version}-${RELEASE}) unstable; urgency=medium\n\n")
        set(end "\n -- ${MAINTAINER}  ${date}\n\n")
    elseif(end AND line MATCHES "^(\\* |  )(.+)$")
        string(REGEX REPLACE "^\\* " "  * " line "${line}")
        if(NOT line MATCHES "^  \\*")
            set(line "  ${line}")
        endif()
        string(APPEND text "${line}\n")
    endif()
endforeach()
if(NOT end)
    message(FATAL_ERROR "${IN} has no version")
endif()
string(REGEX REPLACE "\n\n$" "\n" end "${end}")
file(WRITE "${OUT}" "${text}${end}")
