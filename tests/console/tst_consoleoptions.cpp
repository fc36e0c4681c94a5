// SPDX-License-Identifier: GPL-3.0-only
// Tests of ConsoleOptions: what the command line of the console may say.
#include "console/options.h"

#include <QTest>

namespace quiesce {

using namespace Qt::StringLiterals;

class OptionsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void opensAWindowWithoutAny();
    void connectsToEachAddress_data();
    void connectsToEachAddress();
    void takesSeveralAddresses();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void helpNamesEveryOptionAndNoToken();
};

namespace {

Result<ConsoleOptions, QString> parse(const QStringList &arguments)
{
    return parseConsoleOptions(QStringList{ u"quiesce-console"_s } + arguments);
}

} // namespace

void OptionsTest::opensAWindowWithoutAny()
{
    const auto options = parse({});
    QVERIFY(options);
    QCOMPARE(options.value().show, ConsoleOptions::Show::Window);
    QVERIFY(options.value().connectTo.isEmpty());
    QVERIFY(options.value().configDir.isEmpty());
}

void OptionsTest::connectsToEachAddress_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("url");
    QTest::newRow("whole") << u"http://127.0.0.1:9090"_s << u"http://127.0.0.1:9090"_s;
    QTest::newRow("with a slash") << u"https://host:9443/"_s << u"https://host:9443"_s;
    QTest::newRow("without scheme") << u"host:9090"_s << u"http://host:9090"_s;
    QTest::newRow("IPv6") << u"[::1]:9090"_s << u"http://[::1]:9090"_s;
}

void OptionsTest::connectsToEachAddress()
{
    QFETCH(QString, text);
    QFETCH(QString, url);
    const auto options = parse({ u"--connect"_s, text });
    QVERIFY(options);
    QCOMPARE(options.value().connectTo, QList<QUrl>{ QUrl(url) });
}

void OptionsTest::takesSeveralAddresses()
{
    const auto options =
        parse({ u"--connect=a:1"_s, u"--config-dir"_s, u"here"_s, u"--connect=b:2"_s });
    QVERIFY(options);
    QCOMPARE(options.value().connectTo,
             (QList<QUrl>{ QUrl(u"http://a:1"_s), QUrl(u"http://b:2"_s) }));
    QCOMPARE(options.value().configDir, u"here"_s);
}

void OptionsTest::saysWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("named");
    QTest::newRow("unknown") << QStringList{ u"--nonsense"_s } << u"nonsense"_s;
    QTest::newRow("a token") << QStringList{ u"--token"_s, u"x"_s } << u"token"_s;
    QTest::newRow("without value") << QStringList{ u"--connect"_s } << u"connect"_s;
    QTest::newRow("a file") << QStringList{ u"--connect"_s, u"file:///etc"_s } << u"file:///etc"_s;
    QTest::newRow("with a secret")
        << QStringList{ u"--connect"_s, u"http://me:secret@host"_s } << u"--connect"_s;
    QTest::newRow("with a path") << QStringList{ u"--connect"_s, u"http://host/x"_s }
                                 << u"http://host/x"_s;
    QTest::newRow("no option") << QStringList{ u"http://host"_s } << u"--connect"_s;
    QTest::newRow("empty folder") << QStringList{ u"--config-dir="_s } << u"--config-dir"_s;
}

void OptionsTest::saysWhatIsWrong()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, named);
    const auto options = parse(arguments);
    QVERIFY(!options);
    QVERIFY2(options.error().contains(named), qPrintable(options.error()));
}

void OptionsTest::helpNamesEveryOptionAndNoToken()
{
    const QString help = consoleHelp();
    for (const QString &option : { u"--connect"_s, u"--config-dir"_s, u"--help"_s, u"--version"_s })
        QVERIFY2(help.contains(option), qPrintable(option));
    QVERIFY(!help.contains("--token"_L1));
}

} // namespace quiesce

QTEST_GUILESS_MAIN(quiesce::OptionsTest)
#include "tst_consoleoptions.moc"
