// SPDX-License-Identifier: GPL-3.0-only
// ReportSource: when it asks, and what it makes of the answers, late and lost ones too.
#include "console/model/reports/reportsource.h"
#include "tests/console/support/samplereport.h"

#include <QPointer>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::plainReport;
using State = ReportSource::State;

namespace {

/// Keeps each question, to be answered when the test says so, as a client would: not at all when
/// its context has gone.
class Answers final
{
public:
    ReportSource::Fetch fetch()
    {
        return [this](const Instance &, QObject *context, const ReportSource::Then &then) {
            m_questions.append({ context, then });
            return isThere;
        };
    }
    [[nodiscard]] qsizetype asked() const { return m_questions.size(); }
    void answer(qsizetype question, const Result<Page<StopReport>, FetchError> &result)
    {
        if (m_questions[question].context)
            m_questions[question].then(result);
    }

    bool isThere = true;

private:
    struct Question
    {
        QPointer<QObject> context;
        ReportSource::Then then;
    };
    QList<Question> m_questions;
};

LinkStatus link(LinkState state)
{
    LinkStatus status;
    status.state = state;
    return status;
}

const Page<StopReport> kTwo{ .items = { plainReport(2), plainReport(1) }, .next = {} };

} // namespace

class ReportSourceTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksOnceForAnInstance();
    void listsWhatTheInstanceSawBeforeAnyAnswer();
    void asksAgainAfterEachReport();
    void asksAgainWhenTheInstanceHasBecomeLive();
    void saysWhyItFailedAndKeepsTheList();
    void isIdleWithNobodyToAsk();
    void dropsAnswersForAnotherInstance();
    void anInstanceThatGoesTakesItsReportsAlong();
};

void ReportSourceTest::asksOnceForAnInstance()
{
    Answers answers;
    ReportSource source(answers.fetch());
    Instance instance({});
    source.setInstance(&instance);
    source.setInstance(&instance);
    QCOMPARE(answers.asked(), 1);
    QCOMPARE(source.state(), State::Loading);
    answers.answer(0, kTwo);
    QCOMPARE(source.state(), State::Loaded);
    QCOMPARE(source.list().rowCount(), 2);
}

void ReportSourceTest::listsWhatTheInstanceSawBeforeAnyAnswer()
{
    Answers answers;
    ReportSource source(answers.fetch());
    Instance instance({});
    instance.takeReport(plainReport(7));
    source.setInstance(&instance);
    QCOMPARE(source.list().rowCount(), 1);
}

void ReportSourceTest::asksAgainAfterEachReport()
{
    Answers answers;
    ReportSource source(answers.fetch());
    Instance instance({});
    source.setInstance(&instance);
    instance.takeReport(plainReport(7));
    QCOMPARE(answers.asked(), 2);
    QCOMPARE(source.list().rowCount(), 1);
    answers.answer(1, kTwo);
    QCOMPARE(source.list().rowCount(), 3);
}

void ReportSourceTest::asksAgainWhenTheInstanceHasBecomeLive()
{
    Answers answers;
    ReportSource source(answers.fetch());
    Instance instance({});
    source.setInstance(&instance);
    instance.takeLink(link(LinkState::Live));
    instance.takeLink(link(LinkState::Live));
    QCOMPARE(answers.asked(), 2);
    instance.takeLink(link(LinkState::Unreachable));
    QCOMPARE(answers.asked(), 2);
    instance.takeLink(link(LinkState::Live));
    QCOMPARE(answers.asked(), 3);
}

void ReportSourceTest::saysWhyItFailedAndKeepsTheList()
{
    Answers answers;
    ReportSource source(answers.fetch());
    Instance instance({});
    source.setInstance(&instance);
    answers.answer(0, kTwo);
    QSignalSpy changed(&source, &ReportSource::stateChanged);
    source.refresh();
    answers.answer(1, Failure{ FetchError{ .status = 403, .code = u"forbidden"_s, .detail = {} } });
    QCOMPARE(changed.count(), 2);
    QCOMPARE(source.state(), State::Failed);
    QCOMPARE(source.error().status, 403);
    QCOMPARE(source.list().rowCount(), 2);
}

void ReportSourceTest::isIdleWithNobodyToAsk()
{
    Answers answers;
    answers.isThere = false;
    ReportSource source(answers.fetch());
    source.refresh();
    QCOMPARE(answers.asked(), 0);
    Instance instance({});
    source.setInstance(&instance);
    QCOMPARE(source.state(), State::Idle);
}

void ReportSourceTest::dropsAnswersForAnotherInstance()
{
    Answers answers;
    ReportSource source(answers.fetch());
    Instance first({});
    Instance second({});
    source.setInstance(&first);
    source.setInstance(&second);
    answers.answer(0, kTwo);
    QCOMPARE(source.list().rowCount(), 0);
    first.takeReport(plainReport(7));
    QCOMPARE(source.list().rowCount(), 0);
    QCOMPARE(answers.asked(), 2);
    answers.answer(1, kTwo);
    QCOMPARE(source.list().rowCount(), 2);
}

void ReportSourceTest::anInstanceThatGoesTakesItsReportsAlong()
{
    Answers answers;
    ReportSource source(answers.fetch());
    auto instance = std::make_unique<Instance>(InstanceSpec{});
    source.setInstance(instance.get());
    answers.answer(0, kTwo);
    instance.reset();
    QCOMPARE(source.list().rowCount(), 0);
    QCOMPARE(source.state(), State::Idle);
    QVERIFY(!source.instance());
}

QTEST_GUILESS_MAIN(ReportSourceTest)
#include "tst_reportsource.moc"
