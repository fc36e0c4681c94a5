// SPDX-License-Identifier: GPL-3.0-only
// Tests of installTranslation: what people read in Chinese, and how English says numbers.
#include "console/translation.h"

#include "console/model/acting/actionpolicy.h"
#include "console/model/fleet/fleetgroup.h"
#include "console/model/instance/condition.h"
#include "console/model/reports/reporttext.h"
#include "console/options.h"

#include <QDir>
#include <QTest>
#include <QTranslator>

namespace quiesce {

using namespace Qt::StringLiterals;

class TranslationTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cleanup();
    void carriesAFileForEachLanguage();
    void saysEachConditionInChinese_data();
    void saysEachConditionInChinese();
    void saysInChineseWhatEachLayerSays();
    void saysInChineseWhatQtSays();
    void putsNumbersIntoChinese();
    void saysOneAndManyInEnglish_data();
    void saysOneAndManyInEnglish();
    void speaksTheLanguageAskedForLast();

private:
    const QLocale m_before;
};

namespace {

QString cutOf(qint64 requests)
{
    StopReport report;
    report.requests.cancelled = requests;
    return whatWasCut(report);
}

} // namespace

/// The next function must not speak the language of this one.
void TranslationTest::cleanup()
{
    qDeleteAll(QCoreApplication::instance()->findChildren<QTranslator *>());
    QLocale::setDefault(m_before);
    QCOMPARE(conditionText(Condition::Serving), u"Serving"_s);
}

void TranslationTest::carriesAFileForEachLanguage()
{
    QCOMPARE(QDir(u":/translations"_s).entryList(),
             (QStringList{ u"quiesce-console_en.qm"_s, u"quiesce-console_zh_CN.qm"_s }));
}

void TranslationTest::saysEachConditionInChinese_data()
{
    QTest::addColumn<Condition>("condition");
    QTest::addColumn<QString>("text");
    QTest::newRow("serving") << Condition::Serving << u"服务中"_s;
    QTest::newRow("quiesced") << Condition::Quiesced << u"已摘除流量"_s;
    QTest::newRow("lame duck") << Condition::LameDuck << u"预停期"_s;
    QTest::newRow("draining") << Condition::Draining << u"排空中"_s;
    QTest::newRow("clean") << Condition::StoppedClean << u"干净停止"_s;
    QTest::newRow("incomplete") << Condition::StoppedIncomplete << u"未完整停止"_s;
    QTest::newRow("forced") << Condition::StoppedForced << u"被强制停止"_s;
    QTest::newRow("crashed") << Condition::Crashed << u"崩溃"_s;
    QTest::newRow("stale") << Condition::Stale << u"数据陈旧"_s;
    QTest::newRow("not authorised") << Condition::NotAuthorised << u"未授权"_s;
}

void TranslationTest::saysEachConditionInChinese()
{
    QFETCH(Condition, condition);
    QFETCH(QString, text);
    installTranslation(Language::Chinese);
    QCOMPARE(conditionText(condition), text);
}

void TranslationTest::saysInChineseWhatEachLayerSays()
{
    installTranslation(Language::Chinese);
    QVERIFY(consoleHelp().contains(u"显示此帮助。"_s));
    QCOMPARE(ActionPolicy::verbText(Verb::Quiesce), u"摘除流量"_s);
    QCOMPARE(QCoreApplication::translate("quiesce::MainMenu", "&Quit"), u"退出(&Q)"_s);
    QCOMPARE(QCoreApplication::translate("quiesce::FleetPage", "No services yet"), u"还没有服务"_s);
    QCOMPARE(
        QCoreApplication::translate("quiesce::TlsTrust", "The pinned fingerprint is not a SHA-256"),
        u"固定的指纹不是 SHA-256"_s);
}

/// The buttons of a message box, the rows of a file dialog.
void TranslationTest::saysInChineseWhatQtSays()
{
    installTranslation(Language::Chinese);
    QCOMPARE(QCoreApplication::translate("QPlatformTheme", "Cancel"), u"取消"_s);
}

void TranslationTest::putsNumbersIntoChinese()
{
    installTranslation(Language::Chinese);
    FleetSummary summary;
    summary.add(Condition::Serving);
    summary.add(Condition::Serving);
    QCOMPARE(summaryText(summary), u"2 个服务：2 个服务中"_s);
    QCOMPARE(cutOf(1), u"到截止时间取消了 1 个请求"_s);
}

void TranslationTest::saysOneAndManyInEnglish_data()
{
    QTest::addColumn<qint64>("requests");
    QTest::addColumn<QString>("text");
    QTest::newRow("none") << qint64(0) << u"Nothing was cut"_s;
    QTest::newRow("one") << qint64(1) << u"1 request cancelled at the deadline"_s;
    QTest::newRow("two") << qint64(2) << u"2 requests cancelled at the deadline"_s;
}

void TranslationTest::saysOneAndManyInEnglish()
{
    QFETCH(qint64, requests);
    QFETCH(QString, text);
    installTranslation(Language::English);
    QCOMPARE(cutOf(requests), text);
}

void TranslationTest::speaksTheLanguageAskedForLast()
{
    installTranslation(Language::English);
    installTranslation(Language::Chinese);
    QCOMPARE(conditionText(Condition::Serving), u"服务中"_s);
    QCOMPARE(QLocale().language(), QLocale::Chinese);
}

} // namespace quiesce

QTEST_GUILESS_MAIN(quiesce::TranslationTest)
#include "tst_translation.moc"
