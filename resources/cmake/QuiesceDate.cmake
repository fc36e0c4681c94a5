# SPDX-License-Identifier: GPL-3.0-only
# QUIESCE_DATE: when this version was made, which manual pages and metadata bear. CHANGELOG.md says it.
file(STRINGS "${PROJECT_SOURCE_DIR}/CHANGELOG.md" QUIESCE_DATE REGEX "^## ${PROJECT_VERSION} ")
string(REGEX MATCH "[0-9]+-[0-9]+-[0-9]+$" QUIESCE_DATE "${QUIESCE_DATE}")
if(NOT QUIESCE_DATE)
    message(FATAL_ERROR "CHANGELOG.md has no line \"## ${PROJECT_VERSION} DATE\"")
endif()
