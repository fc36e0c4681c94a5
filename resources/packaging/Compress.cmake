# SPDX-License-Identifier: GPL-3.0-only
# Run by CPack between staging and packing: compresses manual pages and changelogs as Debian has them.
file(
    GLOB_RECURSE
    files
    "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/man/*.[1-8]"
    "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/*/changelog"
    "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/*/changelog.Debian"
)
foreach(file IN LISTS files)
    execute_process(COMMAND gzip -9n "${file}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
