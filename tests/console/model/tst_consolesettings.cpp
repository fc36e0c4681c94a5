// SPDX-License-Identifier: GPL-3.0-only
// ConsoleSettings: choices that last, bounds that hold, and damage that stops nothing.
#include "console/client/discovery/configfile.h"
#include "console/model/settings/consolesettings.h"

#include <QDir>
#include <QFile>
#include <QProcessEnvironment>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace quiesce;

class ConsoleSettingsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void beginsWithItsDefaults();
    void keepsEveryChoice();
    void saysOnceThatSomethingHasChanged();
    void takesTheDefaultForWhatItDoesNotKnow_data();
    void takesTheDefaultForWhatItDoesNotKnow();
    void keepsDurationsWithinTheirBounds();
    void keepsStatesAndSelection();
    void keepsNoMoreThanItsBounds();
    void forgetsTheLayoutOnly();
    void setsADamagedFileAside_data();
    void setsADamagedFileAside();
    void worksWithoutAFolderToWriteTo();
    void knowsItsFolder_data();
    void knowsItsFolder();

private:
    void write(const QByteArray &content) const;
    [[nodiscard]] QString folder() const { return m_folder->filePath(u"config"_s); }
    [[nodiscard]] QString path() const { return folder() + "/console.ini"_L1; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void ConsoleSettingsTest::init()
{
    qputenv("USER", "olga");
    m_folder = std::make_unique<QTemporaryDir>();
}

void ConsoleSettingsTest::write(const QByteArray &content) const
{
    QVERIFY(QDir().mkpath(folder()));
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(content), content.size());
}

void ConsoleSettingsTest::beginsWithItsDefaults()
{
    const ConsoleSettings settings(path());
    Choices expected;
    expected.actor = u"olga"_s;
    QCOMPARE(settings.choices(), expected);
    QCOMPARE(settings.fault(), QString());
    QCOMPARE(settings.state(u"main.geometry"_s), QByteArray());
    QCOMPARE(settings.selectedIds(), QStringList());
}

void ConsoleSettingsTest::keepsEveryChoice()
{
    const Choices others{ .theme = Theme::Dark,
                          .language = Language::Chinese,
                          .actor = u"王芳, on call; \"night\""_s,
                          .isReasonRequired = false,
                          .isNameTypedInProduction = false,
                          .hasNotifications = false,
                          .closesToTray = true,
                          .chartWindow = 10min,
                          .extension = 45s,
                          .retention = 0ms };
    {
        ConsoleSettings settings(path());
        settings.setChoices(others);
        QVERIFY(settings.sync());
    }
    const ConsoleSettings again(path());
    QCOMPARE(again.choices(), others);
}

void ConsoleSettingsTest::saysOnceThatSomethingHasChanged()
{
    ConsoleSettings settings(path());
    QSignalSpy changed(&settings, &ConsoleSettings::changed);
    Choices choices = settings.choices();
    settings.setChoices(choices);
    QCOMPARE(changed.size(), 0);
    choices.theme = Theme::Light;
    settings.setChoices(choices);
    settings.setChoices(choices);
    QCOMPARE(changed.size(), 1);
}

void ConsoleSettingsTest::takesTheDefaultForWhatItDoesNotKnow_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("words") << QByteArray("[look]\ntheme=pink\nlanguage=tlh\n"
                                         "[acting]\nreasonRequired=perhaps\n");
    QTest::newRow("numbers") << QByteArray("[look]\ntheme=7\nchartWindowMs=many\n"
                                           "[fleet]\nretentionMs=1e99\n");
    QTest::newRow("another type") << QByteArray("[look]\ntheme=@Variant(\\0\\0\\0\\x7f\\0)\n"
                                                "[acting]\nextensionMs=1, 2\n");
    QTest::newRow("keys of later") << QByteArray("[later]\nthing=1\n");
    QTest::newRow("empty") << QByteArray();
}

void ConsoleSettingsTest::takesTheDefaultForWhatItDoesNotKnow()
{
    QFETCH(QByteArray, content);
    write(content);
    const ConsoleSettings settings(path());
    Choices expected;
    expected.actor = u"olga"_s;
    QCOMPARE(settings.choices(), expected);
    QCOMPARE(settings.fault(), QString());
}

void ConsoleSettingsTest::keepsDurationsWithinTheirBounds()
{
    write("[look]\nchartWindowMs=1\n[acting]\nextensionMs=9223372036854775807\nactor="
          + QByteArray(1'000, 'a') + "\n[fleet]\nretentionMs=-5\n");
    const ConsoleSettings settings(path());
    QCOMPARE(settings.choices().chartWindow, Choices::kShortestChart);
    QCOMPARE(settings.choices().extension, Choices::kLongestExtension);
    QCOMPARE(settings.choices().retention, 0ms);
    QCOMPARE(settings.choices().actor.size(), Choices::kMaxActorLength);
}

void ConsoleSettingsTest::keepsStatesAndSelection()
{
    const QByteArray bytes("\0\xff\n;=\"", 6);
    {
        ConsoleSettings settings(path());
        settings.setState(u"main.geometry"_s, bytes);
        settings.setSelectedIds({ u"http://127.0.0.1:9090"_s, u"a, b"_s });
    }
    const ConsoleSettings again(path());
    QCOMPARE(again.state(u"main.geometry"_s), bytes);
    QCOMPARE(again.selectedIds(), QStringList({ u"http://127.0.0.1:9090"_s, u"a, b"_s }));
}

void ConsoleSettingsTest::keepsNoMoreThanItsBounds()
{
    ConsoleSettings settings(path());
    settings.setState(u"large"_s, QByteArray(ConsoleSettings::kMaxStateBytes + 1, 'a'));
    QCOMPARE(settings.state(u"large"_s), QByteArray());
    for (int i = 0; i <= ConsoleSettings::kMaxStates; ++i)
        settings.setState(u"s%1"_s.arg(i), "x");
    QCOMPARE(settings.state(u"s%1"_s.arg(ConsoleSettings::kMaxStates - 1)), QByteArray("x"));
    QCOMPARE(settings.state(u"s%1"_s.arg(ConsoleSettings::kMaxStates)), QByteArray());
    settings.setState(u"s0"_s, "y"); // one that is there may change
    QCOMPARE(settings.state(u"s0"_s), QByteArray("y"));
    settings.setSelectedIds(QStringList(ConsoleSettings::kMaxSelected + 1, u"a"_s));
    QCOMPARE(settings.selectedIds().size(), ConsoleSettings::kMaxSelected);
}

void ConsoleSettingsTest::forgetsTheLayoutOnly()
{
    ConsoleSettings settings(path());
    Choices choices = settings.choices();
    choices.theme = Theme::Dark;
    settings.setChoices(choices);
    settings.setState(u"main.geometry"_s, "x");
    settings.forgetStates();
    QVERIFY(settings.sync());
    const ConsoleSettings again(path());
    QCOMPARE(again.state(u"main.geometry"_s), QByteArray());
    QCOMPARE(again.choices().theme, Theme::Dark);
}

void ConsoleSettingsTest::setsADamagedFileAside_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("zeros") << QByteArray(512, '\0');
    QTest::newRow("garbage") << QByteArray("\x7f"
                                           "ELF\xff\xfe\n\n\xff\xff\n");
    QTest::newRow("huge") << "[a]\nb=" + QByteArray(ConsoleSettings::kMaxFileBytes, 'c');
}

void ConsoleSettingsTest::setsADamagedFileAside()
{
    QFETCH(QByteArray, content);
    write(content);
    ConsoleSettings settings(path());
    QVERIFY2(settings.fault().contains(path()), qPrintable(settings.fault()));
    const QStringList aside = QDir(folder()).entryList({ u"console.ini.damaged-*"_s });
    QCOMPARE(aside.size(), 1);
    QVERIFY(settings.fault().contains(aside.first()));
    Choices choices = settings.choices();
    QCOMPARE(choices.theme, Theme::System);
    choices.theme = Theme::Dark;
    settings.setChoices(choices);
    QVERIFY(settings.sync());
    const ConsoleSettings again(path());
    QCOMPARE(again.choices().theme, Theme::Dark);
    QCOMPARE(again.fault(), QString());
}

void ConsoleSettingsTest::worksWithoutAFolderToWriteTo()
{
    QFile file(folder()); // a file where the folder should be
    QVERIFY(file.open(QIODevice::WriteOnly));
    ConsoleSettings settings(path());
    Choices choices = settings.choices();
    choices.theme = Theme::Dark;
    settings.setChoices(choices);
    QCOMPARE(settings.choices().theme, Theme::Dark);
    QVERIFY(!settings.sync());
    QVERIFY(settings.fault().contains(path()));
}

void ConsoleSettingsTest::knowsItsFolder_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("home");
    QTest::addColumn<QString>("folder");
    const QString home = QDir::homePath() + "/.config/quiesce-console"_L1;
    QTest::newRow("asked for") << u"/a/b/"_s << u"/x"_s << u"/a/b"_s;
    QTest::newRow("relative") << u"b"_s << QString() << QDir::currentPath() + "/b"_L1;
    QTest::newRow("XDG") << QString() << u"/x"_s << u"/x/quiesce-console"_s;
    QTest::newRow("a relative XDG") << QString() << u"x"_s << home;
    QTest::newRow("none") << QString() << QString() << home;
}

void ConsoleSettingsTest::knowsItsFolder()
{
    QFETCH(QString, asked);
    QFETCH(QString, home);
    QFETCH(QString, folder);
    QProcessEnvironment environment;
    environment.insert(u"XDG_CONFIG_HOME"_s, home);
    QCOMPARE(configFolder(asked, environment), folder);
}

QTEST_GUILESS_MAIN(ConsoleSettingsTest)
#include "tst_consolesettings.moc"
