# SPDX-License-Identifier: GPL-3.0-only
# Run by the build: writes the page OUT from IN, with what the file TOLD says in place of @NAME@.
cmake_minimum_required(VERSION 3.25) # or @NAME@ below would be a variable
file(READ "${IN}" page)
file(READ "${TOLD}" told)
if(told STREQUAL "")
    message(FATAL_ERROR "${TOLD} is empty")
endif()
string(REGEX REPLACE "\n$" "" told "${told}")
string(REPLACE "@DATE@" "${DATE}" page "${page}")
string(REPLACE "@VERSION@" "${VERSION}" page "${page}")
string(REPLACE "@${NAME}@" "${told}" page "${page}")
file(WRITE "${OUT}" "${page}")
