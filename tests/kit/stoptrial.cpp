// SPDX-License-Identifier: GPL-3.0-only
// StopTrial: see the header.
#include "tests/kit/stoptrial.h"

#include "tests/kit/jobsclient.h"

#include <QDeadlineTimer>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int kSmallBuffer = 4'096; ///< of a client whose answer is to stay with the service

/// How many bytes of a request are sent before the stop.
qsizetype sentBefore(Moment moment, const QByteArray &request)
{
    const qsizetype head = request.indexOf("\r\n\r\n") + 4;
    switch (moment) {
    case Moment::Connected:
        return 0;
    case Moment::HalfHead:
        return head / 2;
    case Moment::HeadSent:
        return head;
    case Moment::HalfBody:
        return head + (request.size() - head) / 2;
    case Moment::Idle:
    case Moment::InHandler:
    case Moment::Pipelined:
    case Moment::HalfRead:
        break;
    }
    return request.size();
}

/// "GET /slow" of "GET /slow?ms=5 HTTP/1.1…"
QByteArray nameOf(const QByteArray &request)
{
    const QByteArrayList words = request.left(request.indexOf('\r')).split(' ');
    return words.size() < 2 ? QByteArray("a connection") : words[0] + ' ' + words[1];
}

} // namespace

QString describe(Moment moment)
{
    switch (moment) {
    case Moment::Connected:
        return u"only connected"_s;
    case Moment::Idle:
        return u"kept alive, idle"_s;
    case Moment::HalfHead:
        return u"half its head sent"_s;
    case Moment::HeadSent:
        return u"its head sent, its body missing"_s;
    case Moment::HalfBody:
        return u"half its body sent"_s;
    case Moment::InHandler:
        return u"in its handler"_s;
    case Moment::Pipelined:
        return u"in its handler, the next pipelined"_s;
    case Moment::HalfRead:
        break;
    }
    return u"its answer half read"_s;
}

bool StopTrial::put(Moment moment, const QByteArray &request, Fate fate, int count)
{
    for (int i = 0; i < count; ++i) {
        if (!tryPlace(moment, request, fate))
            return false;
    }
    return m_service.hasCaughtUp();
}

bool StopTrial::tryPlace(Moment moment, const QByteArray &request, Fate fate)
{
    Placed placed{ .client = m_service.connectClient(moment == Moment::HalfRead ? kSmallBuffer : 0),
                   .rest = {},
                   .end = { .moment = moment, .fate = fate, .name = nameOf(request) } };
    const bool isTwice = moment == Moment::Pipelined;
    const QByteArray bytes = isTwice ? request + request : request;
    const qsizetype now = isTwice ? bytes.size() : sentBefore(moment, bytes);
    if (moment != Moment::Connected)
        placed.rest = bytes.mid(now);
    bool isThere = placed.client.isConnected() && placed.client.send(bytes.first(now));
    if (isThere && moment == Moment::Idle)
        isThere = placed.client.readAnswer().isComplete;
    else if (isThere && moment == Moment::HalfRead)
        isThere = placed.client.waitForBytes(1);
    if (isThere)
        m_placed.push_back(std::move(placed));
    return isThere;
}

QByteArray StopTrial::submitJob(const QByteArray &kind, const QByteArray &payload, JobFate fate)
{
    const JobsClient jobs(m_service);
    const JobAnswer job = jobs.submit(kind, payload);
    const QDeadlineTimer deadline(kLongestWait);
    QString state = job.state();
    while (state == "queued"_L1 && !deadline.hasExpired())
        state = jobs.get(job.id()).state();
    if (state != "running"_L1)
        return {};
    ++(fate == JobFate::Finished ? m_end.jobsToFinish : m_end.jobsToRequeue);
    return job.id();
}

void StopTrial::beginStop()
{
    if (m_sinceStop.isValid())
        return;
    for (Placed &placed : m_placed) {
        const bool waits =
            placed.end.moment == Moment::InHandler || placed.end.moment == Moment::Pipelined;
        placed.end.wasTooEarly = waits && !placed.client.isSilent();
    }
    m_statesBefore = m_service.states().size();
    m_end.requestedAt = QDateTime::currentDateTimeUtc();
    m_sinceStop.start();
}

void StopTrial::stop()
{
    stop([this] { m_service.requestStop(); });
}

void StopTrial::stop(const std::function<void()> &tell)
{
    beginStop();
    tell();
}

AdminAnswer StopTrial::stopByApi(const QJsonObject &options)
{
    beginStop();
    return AdminClient(m_service).post("/stop", options);
}

AdminAnswer StopTrial::extend(std::chrono::milliseconds by) const
{
    return AdminClient(m_service).post("/extend", { { u"byMs"_s, qint64(by.count()) } });
}

AdminAnswer StopTrial::force()
{
    beginStop();
    return AdminClient(m_service).post("/force");
}

std::chrono::milliseconds StopTrial::elapsed() const
{
    return std::chrono::milliseconds(m_sinceStop.elapsed());
}

/// Not before the drain: what came during a lame duck would be served as at any other time. Those
/// that are to be cancelled or cut never get their rest.
void StopTrial::sendRests()
{
    const auto needsRest = [](const Placed &placed) {
        return !placed.rest.isEmpty() && placed.end.fate == Fate::Answered;
    };
    if (!std::any_of(m_placed.begin(), m_placed.end(), needsRest)
        || !m_service.waitForState(u"draining"_s))
        return;
    for (Placed &placed : m_placed) {
        if (needsRest(placed))
            placed.client.send(placed.rest);
    }
}

void StopTrial::readEnd(Placed &placed) const
{
    RequestEnd &end = placed.end;
    const bool isSilent = end.moment == Moment::Connected || end.moment == Moment::Idle;
    if (!isSilent) {
        end.answer = placed.client.readAnswer();
        const bool hasSecond = end.moment == Moment::Pipelined && end.answer.isComplete;
        if (hasSecond && !end.answer.saysClose()) // so it has begun the next one, and owes it
            end.answer = placed.client.readAnswer();
        end.saidClose = end.answer.saysClose();
    }
    end.end = placed.client.waitForEnd();
    end.after = elapsed();
}

const StopEnd &StopTrial::finish()
{
    if (m_isFinished)
        return m_end;
    if (!m_sinceStop.isValid())
        stop();
    sendRests();
    for (Placed &placed : m_placed) {
        readEnd(placed);
        m_end.requests.append(placed.end);
    }
    m_placed.clear();
    m_end.exitCode = m_service.waitForExit();
    m_end.took = elapsed();
    m_end.states = m_service.states().mid(m_statesBefore);
    m_end.report = m_service.report();
    m_end.logTail = m_service.logTail(kLogLines);
    m_isFinished = true;
    return m_end;
}

} // namespace quiesce::test
