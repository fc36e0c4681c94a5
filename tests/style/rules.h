// SPDX-License-Identifier: GPL-3.0-only
// The rules of the house that a machine can check, each a function of one file.
#pragma once

#include "tests/style/sourcetree.h"

namespace quiesce::style {

/// Each rule returns its faults, empty when there are none, as "path:line: what is wrong".
/// Data in: one file; nothing is read from disk.

/// Includes are written from the root and follow the direction: a layer sees only those below it.
[[nodiscard]] QStringList includeFaults(const SourceFile &file);
/// The first line, or the second after `#!`, is the SPDX line.
[[nodiscard]] QStringList licenceFaults(const SourceFile &file);
/// A comment right below the SPDX line says what the file is for. A CMakeLists.txt that does
/// nothing yet needs none.
[[nodiscard]] QStringList purposeFaults(const SourceFile &file);
/// Headers begin with `#pragma once` and open no namespace for those who include them.
[[nodiscard]] QStringList headerFaults(const SourceFile &file);
/// Differences between Qt versions live in service/http/qtcompat.{h,cpp} alone.
[[nodiscard]] QStringList qtVersionFaults(const SourceFile &file);
/// No path or tool of the machine it was written on, no host of a package registry.
[[nodiscard]] QStringList machineFaults(const SourceFile &file);

/// What .reuse/dep5 lists: patterns of the files that cannot say their licence themselves.
[[nodiscard]] QStringList licencePatterns(const QString &dep5);
/// Of the whole tree: each file has an SPDX line in its first five lines or is in the list, and
/// each pattern of the list is of some file.
[[nodiscard]] QStringList unlicensedFaults(const QList<SourceFile> &files,
                                           const QStringList &patterns);

} // namespace quiesce::style
