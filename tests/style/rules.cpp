// SPDX-License-Identifier: GPL-3.0-only
// The rules of the house: the tables of who may include whom, and the patterns looked for.
#include "tests/style/rules.h"

#include <QRegularExpression>
#include <algorithm>
#include <array>

namespace quiesce::style {

using namespace Qt::StringLiterals;

namespace {

struct Layer
{
    QLatin1StringView folder;
    std::array<QLatin1StringView, 4> mayInclude; ///< prefixes of what is included
};

/// main → host, http → jobs → core → common. The first folder that fits a file is its layer.
constexpr std::array kLayers{
    Layer{ "common/"_L1, { "common/"_L1 } },
    Layer{ "service/core/"_L1, { "common/"_L1, "service/core/"_L1 } },
    Layer{ "service/jobs/"_L1, { "common/"_L1, "service/core/"_L1, "service/jobs/"_L1 } },
    Layer{ "service/http/"_L1,
           { "common/"_L1, "service/core/"_L1, "service/jobs/"_L1, "service/http/"_L1 } },
    Layer{ "service/host/"_L1, { "common/"_L1, "service/core/"_L1, "service/host/"_L1 } },
    Layer{ "service/"_L1, { "common/"_L1, "service/"_L1 } }, // main.cpp, the composition root
    Layer{ "console/client/"_L1, { "common/"_L1, "console/client/"_L1 } },
    Layer{ "console/model/"_L1, { "common/"_L1, "console/client/"_L1, "console/model/"_L1 } },
    Layer{ "console/"_L1, { "common/"_L1, "console/"_L1 } },
    Layer{ "resources/"_L1, { "common/"_L1, "service/"_L1 } }, // the examples embed the service
    Layer{ "tests/kit/tests/"_L1, { "common/"_L1, "service/"_L1, "tests/"_L1 } },
    Layer{ "tests/kit/"_L1, { "common/"_L1, "service/"_L1, "tests/kit/"_L1 } }, // is installed
    Layer{ "tests/"_L1, { "common/"_L1, "service/"_L1, "console/"_L1, "tests/"_L1 } },
};
constexpr std::array kRoots{ "common/"_L1, "service/"_L1, "console/"_L1, "tests/"_L1,
                             "resources/"_L1 };

/// A project of somebody else's, with a root of its own.
bool isForeign(const SourceFile &file)
{
    return file.path.startsWith("tests/package/external/"_L1);
}

QString fault(const SourceFile &file, qsizetype line, const QString &what)
{
    return u"%1:%2: %3"_s.arg(file.path).arg(line + 1).arg(what);
}

bool startsWithAny(const QString &text, const auto &prefixes)
{
    return std::any_of(prefixes.begin(), prefixes.end(), [&text](QLatin1StringView prefix) {
        return !prefix.isEmpty() && text.startsWith(prefix);
    });
}

const Layer *layerOf(const SourceFile &file)
{
    const auto layer = std::find_if(kLayers.begin(), kLayers.end(), [&file](const Layer &l) {
        return file.path.startsWith(l.folder);
    });
    return layer == kLayers.end() ? nullptr : &*layer;
}

/// moc's and uic's output is found through the build tree, by its bare name.
bool isGenerated(const QString &included)
{
    static const QRegularExpression pattern(
        uR"(^([a-z0-9_]+\.moc|(moc|ui)_[a-z0-9_]+\.(cpp|h))$)"_s);
    return pattern.match(included).hasMatch();
}

QString includeFault(const Layer &layer, const QString &included, bool isQuoted)
{
    if (!startsWithAny(included, kRoots)) {
        const bool isFine = !isQuoted || isGenerated(included);
        return isFine ? QString() : u"\"%1\" is not written from the root"_s.arg(included);
    }
    if (!startsWithAny(included, layer.mayInclude))
        return u"%1 must not include %2"_s.arg(layer.folder, included);
    return isQuoted ? QString() : u"<%1> is ours: write it in quotes"_s.arg(included);
}

QStringList matchesOf(const SourceFile &file, const QRegularExpression &pattern,
                      const QString &what)
{
    QStringList faults;
    const QStringList lines = file.lines();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const auto match = pattern.match(lines[i]);
        if (match.hasMatch())
            faults.append(fault(file, i, what.arg(match.captured())));
    }
    return faults;
}

qsizetype licenceLine(const SourceFile &file)
{
    return file.text.startsWith("#!"_L1) ? 1 : 0;
}

/// `*` is anything, folders too, as in Debian's copyright files.
bool fits(const QString &pattern, const QString &path)
{
    const QString anything = QRegularExpression::escape(pattern).replace("\\*"_L1, ".*"_L1);
    return QRegularExpression(QRegularExpression::anchoredPattern(anything)).match(path).hasMatch();
}

bool isComment(const SourceFile &file, const QString &line)
{
    static const QRegularExpression cxx(uR"(^//+\s*[^\s/])"_s);
    static const QRegularExpression others(uR"(^(//|[#;])\s*[^\s#!/])"_s);
    return (file.isCxx() ? cxx : others).match(line).hasMatch();
}

} // namespace

QStringList includeFaults(const SourceFile &file)
{
    static const QRegularExpression pattern(uR"(^\s*#\s*include\s*([<"])([^>"]+)[>"])"_s);
    const Layer *layer = layerOf(file);
    QStringList faults;
    if (!file.isCxx() || !layer || isForeign(file))
        return faults;
    const QStringList lines = file.lines();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const auto match = pattern.match(lines[i]);
        if (!match.hasMatch())
            continue;
        const QString what =
            includeFault(*layer, match.captured(2), match.capturedView(1) == u"\"");
        if (!what.isEmpty())
            faults.append(fault(file, i, what));
    }
    return faults;
}

QStringList licenceFaults(const SourceFile &file)
{
    static const QRegularExpression pattern(
        uR"(^(//|#|/\*|;) SPDX-License-Identifier: GPL-3\.0-only\b)"_s);
    const qsizetype at = licenceLine(file);
    if (!file.isCommentable() || pattern.match(file.lines().value(at)).hasMatch())
        return {};
    return { fault(file, at, u"no SPDX line"_s) };
}

QStringList purposeFaults(const SourceFile &file)
{
    const qsizetype at = licenceLine(file) + 1;
    const QString below = file.text.section(u'\n', int(at)).trimmed();
    const QString line = file.lines().value(at);
    const bool isEmptyList = file.name() == "CMakeLists.txt"_L1 && below.isEmpty();
    const bool isSettings = file.name().startsWith(".clang-"_L1);
    if (!file.isCommentable() || isEmptyList || isSettings || isComment(file, line))
        return {};
    return { fault(file, at, u"no comment that says what the file is for"_s) };
}

QStringList headerFaults(const SourceFile &file)
{
    static const QRegularExpression opened(u"^using namespace .*"_s);
    if (!file.isHeader())
        return {};
    QStringList faults = matchesOf(file, opened, u"%1 in a header"_s);
    if (!file.lines().contains("#pragma once"_L1))
        faults.append(fault(file, 0, u"no #pragma once"_s));
    return faults;
}

QStringList qtVersionFaults(const SourceFile &file)
{
    static const QRegularExpression pattern(uR"(\bQT_VERSION(_CHECK|_MAJOR|_MINOR)?\b)"_s);
    const bool isTheOnePlace = file.path.startsWith("service/http/qtcompat."_L1);
    if (!file.isCxx() || isTheOnePlace || file.path.startsWith("tests/style/"_L1))
        return {};
    return matchesOf(file, pattern, u"%1 outside service/http/qtcompat"_s);
}

QStringList machineFaults(const SourceFile &file)
{
    // One letter of each is in brackets, so that the rule does not find itself.
    static const QRegularExpression machine(
        uR"(/[w]ork/(wt|main|shared|brief|[.])|/[r]oot/|/[f]arm/|[f]arm-(studio|bench)|[.][l]ibrary/)"_s);
    static const QRegularExpression registry(
        uR"(\b(deb|pypi|registry|archive|packages|snapshot|security|mirrors?|crates)[.][a-z0-9-]+[.](org|com|io|net|dev)\b|[.]pkg[.]dev\b)"_s);
    if (file.name() == "LICENSE"_L1)
        return {};
    return matchesOf(file, machine, u"%1 is a path or tool of one machine"_s)
        + matchesOf(file, registry, u"%1 is the host of a package registry"_s);
}

QStringList licencePatterns(const QString &dep5)
{
    static const QRegularExpression field(uR"((?m)^Files:((?:.*\n)(?:[ \t]+.*\n)*))"_s);
    QStringList patterns;
    auto found = field.globalMatch(dep5);
    while (found.hasNext())
        patterns += found.next().captured(1).simplified().split(u' ', Qt::SkipEmptyParts);
    return patterns;
}

QStringList unlicensedFaults(const QList<SourceFile> &files, const QStringList &patterns)
{
    static const QRegularExpression spdx(uR"(SPDX-License-Identifier: GPL-3\.0-only\b)"_s);
    QStringList unused = patterns;
    QStringList faults;
    for (const SourceFile &file : files) {
        const bool isListed =
            std::any_of(patterns.begin(), patterns.end(), [&](const QString &pattern) {
                if (!fits(pattern, file.path))
                    return false;
                unused.removeAll(pattern);
                return true;
            });
        if (!isListed && !file.text.section(u'\n', 0, 4).contains(spdx))
            faults.append(fault(file, 0, u"no SPDX line, and .reuse/dep5 does not list it"_s));
    }
    for (const QString &pattern : std::as_const(unused))
        faults.append(u".reuse/dep5:1: no file is %1"_s.arg(pattern));
    return faults;
}

} // namespace quiesce::style
