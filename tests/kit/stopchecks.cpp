// SPDX-License-Identifier: GPL-3.0-only
// What a stop is held to, and the words in which a test says what it did instead.
#include "tests/kit/stopchecks.h"

#include "service/core/exitcodes.h"
#include "tests/kit/jobsclient.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

QString forPeople(std::chrono::milliseconds duration)
{
    const qint64 ms = duration.count();
    return ms < 1'000 ? u"%1 ms"_s.arg(ms)
                      : u"%1 s"_s.arg(static_cast<double>(ms) / 1'000, 0, 'f', 2);
}

QString meaningOf(int exitCode)
{
    switch (exitCode) {
    case -1:
        return u"killed by a signal, or still running after %1 s"_s.arg(kLongestWait.count()
                                                                        / 1'000);
    case kExitOk:
        return u"clean"_s;
    case kExitIncomplete:
        return u"stopped, but work was cancelled or cut, or a hook failed"_s;
    default:
        break;
    }
    return exitCode > kExitSignalBase ? u"forced by signal %1"_s.arg(exitCode - kExitSignalBase)
                                      : u"not one of a stop"_s;
}

QString exitFault(int is, int should)
{
    if (is == should)
        return {};
    return u"exit code: %1 (%2) instead of %3 (%4)"_s.arg(is)
        .arg(meaningOf(is))
        .arg(should)
        .arg(meaningOf(should));
}

QString ofEnd(LoopbackClient::End end)
{
    switch (end) {
    case LoopbackClient::End::Closed:
        return u"its connection was closed"_s;
    case LoopbackClient::End::Reset:
        return u"its connection was reset"_s;
    case LoopbackClient::End::Open:
        break;
    }
    return u"its connection was still open"_s;
}

QString ofAnswer(const RequestEnd &request)
{
    const Answer &answer = request.answer;
    if (answer.status == 0)
        return ofEnd(request.end) + u" without an answer"_s;
    const QString code =
        answer.code().isEmpty() ? QString() : u" (%1)"_s.arg(QString::fromUtf8(answer.code()));
    if (answer.isComplete)
        return u"it was answered %1%2"_s.arg(answer.status).arg(code);
    return u"%1 after %2 bytes of the body of its answer %3"_s.arg(ofEnd(request.end))
        .arg(answer.body.size())
        .arg(answer.status);
}

/// What a request that no service has begun to serve may end in.
bool isSilent(const RequestEnd &request)
{
    return request.moment == Moment::Connected || request.moment == Moment::Idle;
}

bool meetsFate(const RequestEnd &request)
{
    const Answer &answer = request.answer;
    switch (request.fate) {
    case Fate::Answered:
        return isSilent(request) ? request.end == LoopbackClient::End::Closed
                                 : answer.isComplete && answer.status < 500;
    case Fate::Cancelled:
        return request.moment == Moment::HalfHead
            ? answer.status == 408
            : answer.status == 503 && answer.code() == "cancelled" && answer.isComplete;
    case Fate::Cut:
        break;
    }
    return !answer.isComplete && request.end != LoopbackClient::End::Open;
}

QString wanted(const RequestEnd &request)
{
    switch (request.fate) {
    case Fate::Answered:
        return isSilent(request) ? u"should have been closed in order"_s : u"lost"_s;
    case Fate::Cancelled:
        return u"should have been cancelled"_s;
    case Fate::Cut:
        break;
    }
    return u"should have been cut"_s;
}

QString statesOf(const StopEnd &end)
{
    QStringList words;
    for (const StateSeen &state : end.states) {
        if (words.isEmpty())
            words.append(state.from);
        words.append(u"%1 (+%2)"_s.arg(state.to,
                                       forPeople(std::chrono::milliseconds(std::max<qint64>(
                                           0, end.requestedAt.msecsTo(state.at))))));
    }
    return words.isEmpty() ? u"none that its log tells of"_s : words.join(u" → "_s);
}

QStringList namesOf(const StopEnd &end)
{
    QStringList names;
    for (const StateSeen &state : end.states) {
        if (names.isEmpty())
            names.append(state.from);
        names.append(state.to);
    }
    return names;
}

QStringList rowsOf(const QJsonValue &rows, QLatin1StringView first, QLatin1StringView second)
{
    QStringList words;
    for (const QJsonValue row : rows.toArray()) {
        const QString more = second.isEmpty() ? QString() : u' ' + row[second].toString();
        words.append(row[first].toString() + more);
    }
    return words;
}

QString phasesOf(const QJsonObject &report)
{
    QStringList words;
    for (const QJsonValue phase : report["phases"_L1].toArray())
        words.append(phase["name"_L1].toString() + u' '
                     + forPeople(std::chrono::milliseconds(phase["durationMs"_L1].toInteger())));
    return words.isEmpty() ? u"no phase in its report"_s : words.join(u", "_s);
}

/// Gathers the faults of one stop.
class Judge final
{
public:
    Judge(const StopEnd &end, const StopExpectation &expected)
        : m_end(end)
        , m_expected(expected)
    { }

    void judgeRequests()
    {
        for (const RequestEnd &request : m_end.requests)
            add(faultOf(request));
    }
    void judgeOrder()
    {
        if (m_expected.states.isEmpty())
            return;
        if (namesOf(m_end) != m_expected.states)
            add(u"order: it went %1\n         instead of %2"_s.arg(
                statesOf(m_end), m_expected.states.join(u" → "_s)));
        const QStringList phases = m_expected.states.mid(1, m_expected.states.size() - 2);
        expect(u"phases"_s, rowsOf(m_end.report["phases"_L1], "name"_L1, {}).join(u", "_s),
               phases.join(u", "_s));
    }
    void judgeTime()
    {
        if (m_end.took > m_expected.within)
            add(u"time: %1 from the stop to the exit, more than %2: %3"_s.arg(
                forPeople(m_end.took), forPeople(m_expected.within), phasesOf(m_end.report)));
    }
    void judgeReport()
    {
        if (m_end.report.isEmpty()) {
            add(u"report: there is none, or more than one"_s);
            return;
        }
        expect(u"outcome"_s, m_end.report["outcome"_L1].toString(), toWire(m_expected.outcome));
        expectNumber(u"exitCode"_s, m_end.report["exitCode"_L1], m_expected.exitCode);
        judgeCounts();
        judgeJobs();
        if (m_expected.hooks)
            expect(u"hooks"_s,
                   rowsOf(m_end.report["hooks"_L1], "name"_L1, "result"_L1).join(u", "_s),
                   m_expected.hooks->join(u", "_s));
    }
    void judgeExit() { add(exitFault(m_end.exitCode, m_expected.exitCode)); }

    [[nodiscard]] QString verdict() const
    {
        if (m_faults.isEmpty())
            return {};
        QString text = u"the stop was not as it should be:\n  "_s + m_faults.join(u"\n  "_s);
        text += u"\nits log ended:"_s;
        for (const QByteArray &line : m_end.logTail)
            text += u"\n  "_s + QString::fromUtf8(line);
        return text;
    }

private:
    void add(const QString &fault)
    {
        if (!fault.isEmpty())
            m_faults.append(fault);
    }
    void expect(const QString &what, const QString &is, const QString &should)
    {
        if (is != should)
            add(u"report: %1 is %2 instead of %3"_s.arg(what, is.isEmpty() ? u"empty"_s : is,
                                                        should.isEmpty() ? u"empty"_s : should));
    }
    void expectNumber(const QString &what, const QJsonValue &is, qint64 should)
    {
        expect(what, QString::number(is.toInteger(-1)), QString::number(should));
    }
    [[nodiscard]] qint64 countOf(Fate fate) const
    {
        return std::count_if(m_end.requests.begin(), m_end.requests.end(),
                             [fate](const RequestEnd &request) {
                                 return request.fate == fate && !isSilent(request)
                                     && request.moment != Moment::HalfHead;
                             });
    }
    void judgeCounts()
    {
        const QJsonObject requests = m_end.report["requests"_L1].toObject();
        const auto count = [&](QLatin1StringView name) { return requests[name].toInteger(-1); };
        const qint64 begun = count("inFlightAtStop"_L1) + count("acceptedDuringStop"_L1);
        const qint64 ended = count("drained"_L1) + count("cancelled"_L1) + count("aborted"_L1);
        if (begun != ended)
            add(u"report: its requests do not add up: %1 begun, %2 ended"_s.arg(begun).arg(ended));
        const qint64 answered = countOf(Fate::Answered);
        if (count("drained"_L1) < answered)
            add(u"report: %1 drained, though %2 were to be answered"_s.arg(count("drained"_L1))
                    .arg(answered));
        expectNumber(u"cancelled"_s, requests["cancelled"_L1], countOf(Fate::Cancelled));
        expectNumber(u"aborted"_s, requests["aborted"_L1], countOf(Fate::Cut));
    }
    void judgeJobs()
    {
        const QJsonObject jobs = m_end.report["jobs"_L1].toObject();
        expectNumber(u"jobs abandoned"_s, jobs["abandoned"_L1], 0);
        if (m_end.jobsToFinish + m_end.jobsToRequeue == 0)
            return;
        expectNumber(u"jobs finished"_s, jobs["finished"_L1], m_end.jobsToFinish);
        expectNumber(u"jobs requeued"_s, jobs["requeued"_L1], m_end.jobsToRequeue);
    }

    const StopEnd &m_end;
    const StopExpectation &m_expected;
    QStringList m_faults;
};

} // namespace

QString faultOf(const RequestEnd &request)
{
    const QString name =
        u"%1 (%2)"_s.arg(QString::fromUtf8(request.name), describe(request.moment));
    if (request.wasTooEarly)
        return u"too early: %1 was answered before the stop: its handler must take longer"_s.arg(
            name);
    if (meetsFate(request))
        return {};
    const QString happened = isSilent(request) ? ofEnd(request.end) : ofAnswer(request);
    return u"%1: %2: %3, %4 after the stop"_s.arg(wanted(request), name, happened,
                                                  forPeople(request.after));
}

QString faultOf(StopTrial &trial, const StopExpectation &expected)
{
    Judge judge(trial.finish(), expected);
    judge.judgeRequests();
    judge.judgeOrder();
    judge.judgeTime();
    judge.judgeReport();
    judge.judgeExit();
    return judge.verdict();
}

QString faultOf(StopTrial &trial, const CleanStop &expected)
{
    return faultOf(trial, StopExpectation{ .within = expected.within, .hooks = expected.hooks });
}

QString exitFaultOf(ServiceUnderTest &service, int exitCode)
{
    return exitFault(service.waitForExit(), exitCode);
}

QString requeueFaultOf(const ServiceUnderTest &service, const QByteArray &jobId)
{
    const JobAnswer job = JobsClient(service).get(jobId);
    const QString name = u"job "_s + QString::fromLatin1(jobId);
    if (job.status != 200)
        return u"%1 is lost: asked for it, the service answers %2"_s.arg(name).arg(job.status);
    const QJsonArray requeues = job.body["requeues"_L1].toArray();
    const QString reason = requeues.last()["reason"_L1].toString();
    if (reason == "stop"_L1)
        return {};
    const QString told =
        requeues.isEmpty() ? u"never queued again"_s : u"queued again because of "_s + reason;
    return u"%1 was not queued again by a stop: it is %2, and was %3"_s.arg(name, job.state(),
                                                                            told);
}

bool verifyStop(const SourceLine &at, StopTrial &trial, const StopExpectation &expected)
{
    return verify(at, faultOf(trial, expected));
}

bool verify(const SourceLine &at, const QString &fault)
{
    if (fault.isEmpty())
        return QTest::qVerify(true, "stop", "", at.file, at.line);
    // Not qVerify: it cuts what it says at 1,024 bytes.
    QTest::qFail(qPrintable(fault), at.file, at.line);
    return false;
}

bool verifyCleanStop(const SourceLine &at, StopTrial &trial, const CleanStop &expected)
{
    return verifyStop(at, trial, { .within = expected.within, .hooks = expected.hooks });
}

} // namespace quiesce::test
