// SPDX-License-Identifier: GPL-3.0-only
// Holds the whole tree to the rules of the house, and each rule to a file that breaks it.
#include "tests/style/rules.h"

#include <QTest>
#include <algorithm>

using namespace quiesce::style;
using namespace Qt::StringLiterals;

using Rule = QStringList (*)(const SourceFile &);
Q_DECLARE_METATYPE(Rule)

class SourceTreeTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void holdsNothingElseAtTheTop();
    void keepsEveryRule_data();
    void keepsEveryRule();
    void seesWhatBreaksARule_data();
    void seesWhatBreaksARule();
    void letsPassWhatKeepsIt_data();
    void letsPassWhatKeepsIt();
    void licensesEveryFile();
    void seesAFileWithoutLicence();

private:
    QList<SourceFile> m_files;
};

namespace {

void addRule(const char *name, Rule rule)
{
    QTest::newRow(name) << rule;
}

void addFile(const char *name, Rule rule, const QString &path, const QString &text)
{
    QTest::newRow(name) << rule << path << text;
}

void addFileColumns()
{
    QTest::addColumn<Rule>("rule");
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("text");
}

QString include(const QString &path)
{
    return u"#include \"%1\"\n"_s.arg(path);
}

const QString kSpdx = u" SPDX-License-Identifier: GPL-3.0-only\n"_s;

} // namespace

void SourceTreeTest::initTestCase()
{
    m_files = readSourceTree(QStringLiteral(QUIESCE_SOURCE_DIR));
    const auto holds = [this](const QString &path) {
        return std::any_of(m_files.cbegin(), m_files.cend(),
                           [&path](const SourceFile &file) { return file.path == path; });
    };
    QVERIFY(holds(u"tests/style/tst_sourcetree.cpp"_s));
    QVERIFY(holds(u"common/lifecycle/state.h"_s));
    QVERIFY(holds(u".ci/run"_s));
    QVERIFY(holds(u"README.md"_s));
}

void SourceTreeTest::holdsNothingElseAtTheTop()
{
    const QStringList strays = strayTopLevelEntries(QStringLiteral(QUIESCE_SOURCE_DIR));
    QVERIFY2(strays.isEmpty(), qPrintable(strays.join(u' ')));
}

void SourceTreeTest::keepsEveryRule_data()
{
    QTest::addColumn<Rule>("rule");
    addRule("includes follow the direction", includeFaults);
    addRule("each file names its licence", licenceFaults);
    addRule("each file says what it is for", purposeFaults);
    addRule("headers are safe to include", headerFaults);
    addRule("Qt versions differ in one place", qtVersionFaults);
    addRule("nothing of one machine", machineFaults);
}

void SourceTreeTest::keepsEveryRule()
{
    QFETCH(Rule, rule);
    QStringList faults;
    for (const SourceFile &file : std::as_const(m_files))
        faults += rule(file);
    QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
}

void SourceTreeTest::seesWhatBreaksARule_data()
{
    addFileColumns();
    addFile("common sees a layer above", includeFaults, u"common/a.h"_s,
            include(u"service/core/clock.h"_s));
    addFile("core sees http", includeFaults, u"service/core/a.cpp"_s,
            include(u"service/http/router.h"_s));
    addFile("core sees the program", includeFaults, u"service/core/a.cpp"_s,
            include(u"service/service.h"_s));
    addFile("jobs see http", includeFaults, u"service/jobs/a.cpp"_s,
            include(u"service/http/router.h"_s));
    addFile("http sees host", includeFaults, u"service/http/a.cpp"_s,
            include(u"service/host/log.h"_s));
    addFile("host sees http", includeFaults, u"service/host/a.cpp"_s,
            include(u"service/http/router.h"_s));
    addFile("service sees console", includeFaults, u"service/main.cpp"_s,
            include(u"console/view/page.h"_s));
    addFile("console sees service", includeFaults, u"console/main.cpp"_s,
            include(u"service/core/clock.h"_s));
    addFile("a model sees a view", includeFaults, u"console/model/a.cpp"_s,
            include(u"console/view/page.h"_s));
    addFile("a program sees tests", includeFaults, u"service/core/a.cpp"_s,
            include(u"tests/support/manualclock.h"_s));
    addFile("an example sees tests", includeFaults, u"resources/examples/hello/main.cpp"_s,
            include(u"tests/support/manualclock.h"_s));
    addFile("not from the root", includeFaults, u"service/core/a.cpp"_s, include(u"clock.h"_s));
    addFile("by a relative path", includeFaults, u"service/core/a.cpp"_s,
            include(u"../../common/result.h"_s));
    addFile("ours in angle brackets", includeFaults, u"service/core/a.cpp"_s,
            u"  #  include <common/result.h>\n"_s);
    addFile("no licence", licenceFaults, u"common/a.h"_s, u"#pragma once\n"_s);
    addFile("another licence", licenceFaults, u"run.sh"_s,
            u"#!/bin/sh\n# SPDX-License-Identifier: MIT\n"_s);
    addFile("no purpose", purposeFaults, u"common/a.h"_s, u"//"_s + kSpdx + u"#pragma once\n"_s);
    addFile("no purpose of a script", purposeFaults, u"run.sh"_s,
            u"#!/bin/sh\n#"_s + kSpdx + u"set -eu\n"_s);
    addFile("the kit sees what is not installed", includeFaults, u"tests/kit/a.h"_s,
            include(u"tests/support/fulldisk.h"_s));
    addFile("no pragma once", headerFaults, u"common/a.h"_s, u"int a();\n"_s);
    addFile("a namespace opened in a header", headerFaults, u"common/a.h"_s,
            u"#pragma once\nusing namespace Qt;\n"_s);
    addFile("a Qt version in the program", qtVersionFaults, u"service/http/a.cpp"_s,
            u"#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)\n"_s);
    addFile("a path of one machine", machineFaults, u"run.sh"_s, u"cd /%1/main\n"_s.arg(u"work"_s));
    addFile("the host of a registry", machineFaults, u"README.md"_s,
            u"https://%1.example.org/x\n"_s.arg(u"registry"_s));
}

void SourceTreeTest::seesWhatBreaksARule()
{
    QFETCH(Rule, rule);
    QFETCH(QString, path);
    QFETCH(QString, text);
    const QStringList faults = rule({ path, text });
    QCOMPARE(faults.size(), 1);
    QVERIFY2(faults.first().startsWith(path + u':'), qPrintable(faults.first()));
}

void SourceTreeTest::letsPassWhatKeepsIt_data()
{
    addFileColumns();
    addFile("http sees core", includeFaults, u"service/http/a.cpp"_s,
            include(u"service/core/clock.h"_s));
    addFile("the program sees host", includeFaults, u"service/main.cpp"_s,
            include(u"service/host/log.h"_s));
    addFile("the kit's tests see the tests", includeFaults, u"tests/kit/tests/tst_a.cpp"_s,
            include(u"tests/support/fulldisk.h"_s));
    addFile("a project of somebody else's", includeFaults, u"tests/package/external/main.cpp"_s,
            include(u"shop.h"_s));
    addFile("what moc made", includeFaults, u"tests/core/tst_a.cpp"_s, include(u"tst_a.moc"_s));
    addFile("Qt in angle brackets", includeFaults, u"common/a.h"_s, u"#include <QString>\n"_s);
    addFile("an include in a string", includeFaults, u"common/a.cpp"_s,
            u"const char *a = \"#include \\\"tests/a.h\\\"\";\n"_s);
    addFile("a script's licence", licenceFaults, u"run.sh"_s, u"#!/bin/sh\n#"_s + kSpdx);
    addFile("JSON has no comments", licenceFaults, u"CMakePresets.json"_s, u"{}\n"_s);
    addFile("a purpose", purposeFaults, u"common/a.h"_s, u"//"_s + kSpdx + u"// A thing.\n"_s);
    addFile("a purpose in Go", purposeFaults, u"tests/bench/peer.go"_s,
            u"//"_s + kSpdx + u"// A peer.\n"_s);
    addFile("a folder with nothing yet", purposeFaults, u"tests/http/CMakeLists.txt"_s,
            u"#"_s + kSpdx);
    addFile("the one place", qtVersionFaults, u"service/http/qtcompat.cpp"_s,
            u"#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)\n"_s);
    addFile("the sample route", machineFaults, u"README.md"_s, u"GET /work?ms=5\n"_s);
}

void SourceTreeTest::letsPassWhatKeepsIt()
{
    QFETCH(Rule, rule);
    QFETCH(QString, path);
    QFETCH(QString, text);
    QCOMPARE(rule({ path, text }), QStringList());
}

void SourceTreeTest::licensesEveryFile()
{
    const QList<SourceFile> files = readWholeTree(QStringLiteral(QUIESCE_SOURCE_DIR));
    const auto list = std::find_if(files.cbegin(), files.cend(), [](const SourceFile &file) {
        return file.path == ".reuse/dep5"_L1;
    });
    QVERIFY(list != files.cend());
    const QStringList patterns = licencePatterns(list->text);
    QVERIFY(patterns.contains("*.png"_L1));
    const QStringList faults = unlicensedFaults(files, patterns);
    QVERIFY2(faults.isEmpty(), qPrintable(u'\n' + faults.join(u'\n')));
}

void SourceTreeTest::seesAFileWithoutLicence()
{
    const QStringList patterns =
        licencePatterns(u"Format: x\n\nFiles: *.png\n a/b.json\n *.old\nLicense: GPL-3.0-only\n"_s);
    QCOMPARE(patterns, (QStringList{ u"*.png"_s, u"a/b.json"_s, u"*.old"_s }));
    const QList<SourceFile> files{
        { u"a/b.json"_s, u"{}"_s },
        { u"a/bxjson"_s, u"{}"_s },
        { u"a/c/d.png"_s, {} },
        { u"e.md"_s, u"<!--"_s + kSpdx },
        { u"f.md"_s, u"\n\n\n\n\n<!--"_s + kSpdx },
    };
    QCOMPARE(unlicensedFaults(files, patterns),
             (QStringList{ u"a/bxjson:1: no SPDX line, and .reuse/dep5 does not list it"_s,
                           u"f.md:1: no SPDX line, and .reuse/dep5 does not list it"_s,
                           u".reuse/dep5:1: no file is *.old"_s }));
}

QTEST_GUILESS_MAIN(SourceTreeTest)
#include "tst_sourcetree.moc"
