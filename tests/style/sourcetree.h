// SPDX-License-Identifier: GPL-3.0-only
// SourceTree: the project's own text files, as the style tests read them.
#pragma once

#include <QList>
#include <QString>
#include <QStringList>

namespace quiesce::style {

/// One file, its path from the repository root.
struct SourceFile
{
    QString path;
    QString text;

    [[nodiscard]] QString folder() const; ///< without the name; empty at the top
    [[nodiscard]] QString name() const;
    [[nodiscard]] QStringList lines() const;
    [[nodiscard]] bool isCxx() const; ///< a header or a source
    [[nodiscard]] bool isHeader() const;
    /// Carries comments: C++, CMake, scripts, configuration; not JSON, Markdown, licence, data.
    [[nodiscard]] bool isCommentable() const;
};

/// Every text file of the project below `root`, by path. Needs no git; passes over what is built,
/// what editors leave, and binary files.
[[nodiscard]] QList<SourceFile> readSourceTree(const QString &root);

/// The same with binary files, whose text is empty.
[[nodiscard]] QList<SourceFile> readWholeTree(const QString &root);

/// What lies at the top beside the files and folders that are to be there. Dot files, empty folders
/// and what .gitignore names may.
[[nodiscard]] QStringList strayTopLevelEntries(const QString &root);

} // namespace quiesce::style
