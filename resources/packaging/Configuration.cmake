# SPDX-License-Identifier: GPL-3.0-only
# Run by the build: writes OUT, the configuration that a package installs, from IN, quiesced's example.
# Nothing is set in it, so that an upgrade may change a default.
cmake_minimum_required(VERSION 3.25)
file(READ "${IN}" text)
string(REGEX REPLACE "\n([a-z_]+ = )" "\n#\\1" text "${text}")
string(
    REGEX
    REPLACE
        "\n# Every setting[^\n]*\n"
        "\n# The configuration of quiesced, see quiesced.toml(5). What is commented out is the default, or an\n# example where the default depends on the machine.\n"
        text
        "${text}"
)
file(WRITE "${OUT}" "${text}")
