// SPDX-License-Identifier: GPL-3.0-only
// SourceTree: which files are ours, and what kind each is.
#include "tests/style/sourcetree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QFileInfo>
#include <algorithm>

namespace quiesce::style {

using namespace Qt::StringLiterals;

namespace {

const QStringList kFolders{ u"service"_s,   u"console"_s, u"common"_s, u"tests"_s,
                            u"resources"_s, u".ci"_s,     u".reuse"_s };
const QStringList kFiles{ u"CMakeLists.txt"_s, u"CMakePresets.json"_s, u"LICENSE"_s,
                          u"README.md"_s,      u"CHANGELOG.md"_s,      u"run.sh"_s,
                          u"test.sh"_s,        u".clang-format"_s,     u".clang-tidy"_s,
                          u".gitignore"_s };

bool isBinary(const QByteArray &bytes)
{
    return bytes.left(4096).contains('\0');
}

enum class Binary : unsigned char { PassOver, WithoutText };

void append(QList<SourceFile> &files, const QDir &root, const QString &path, Binary binary)
{
    QFile file(root.filePath(path));
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QByteArray bytes = file.readAll();
    if (!isBinary(bytes))
        files.append({ path, QString::fromUtf8(bytes) });
    else if (binary == Binary::WithoutText)
        files.append({ path, {} });
}

QList<SourceFile> readTree(const QString &root, Binary binary)
{
    const QDir top(root);
    QList<SourceFile> files;
    for (const QString &name : kFiles)
        append(files, top, name, binary);
    for (const QString &folder : kFolders) {
        QDirIterator entry(top.filePath(folder), QDir::Files | QDir::Hidden,
                           QDirIterator::Subdirectories);
        while (entry.hasNext())
            append(files, top, top.relativeFilePath(entry.next()), binary);
    }
    std::sort(files.begin(), files.end(),
              [](const SourceFile &a, const SourceFile &b) { return a.path < b.path; });
    return files;
}

} // namespace

QString SourceFile::folder() const
{
    return path.left(std::max(path.lastIndexOf(u'/'), qsizetype{ 0 }));
}

QString SourceFile::name() const
{
    return path.mid(path.lastIndexOf(u'/') + 1);
}

QStringList SourceFile::lines() const
{
    return text.split(u'\n');
}

bool SourceFile::isHeader() const
{
    return path.endsWith(".h"_L1);
}

bool SourceFile::isCxx() const
{
    return isHeader() || path.endsWith(".cpp"_L1);
}

bool SourceFile::isCommentable() const
{
    static const QStringList kSuffixes{ u"cmake"_s,  u"sh"_s,   u"py"_s,  u"go"_s,  u"js"_s,
                                        u"toml"_s,   u"yaml"_s, u"yml"_s, u"ini"_s, u"service"_s,
                                        u"socket"_s, u"conf"_s, u"supp"_s };
    static const QStringList kNames{ u"CMakeLists.txt"_s, u".clang-format"_s, u".clang-tidy"_s,
                                     u"Dockerfile"_s, u"Containerfile"_s };
    return isCxx() || kNames.contains(name()) || kSuffixes.contains(QFileInfo(path).suffix())
        || text.startsWith("#!"_L1);
}

QList<SourceFile> readSourceTree(const QString &root)
{
    return readTree(root, Binary::PassOver);
}

QList<SourceFile> readWholeTree(const QString &root)
{
    return readTree(root, Binary::WithoutText);
}

QStringList strayTopLevelEntries(const QString &root)
{
    const QDir top(root);
    QStringList strays = top.entryList(QDir::AllEntries | QDir::NoDotAndDotDot, QDir::Name);
    strays.removeIf([&top](const QString &name) {
        const bool isIgnored =
            name == "build"_L1 || name == "compile_commands.json"_L1 || name.endsWith(".user"_L1);
        const bool isEmptyFolder =
            QDir(top.filePath(name)).exists() && QDir(top.filePath(name)).isEmpty();
        return isIgnored || isEmptyFolder || kFiles.contains(name) || kFolders.contains(name);
    });
    return strays;
}

} // namespace quiesce::style
