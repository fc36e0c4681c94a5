// SPDX-License-Identifier: GPL-3.0-only
// EventListener: see the header.
#include "tests/endtoend/eventlistener.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace quiesce::test {

EventListener::EventListener(const ServiceProcess &service, const QByteArray &lastEventId,
                             const QByteArray &token)
{
    // --fail: what is no event stream is to be seen as an exit code
    QStringList arguments{ u"--silent"_s, u"--no-buffer"_s, u"--fail"_s };
    const QByteArray shown = token.isEmpty() ? tokenOf(service) : token;
    arguments << u"--header"_s << u"Authorization: Bearer "_s + QString::fromLatin1(shown);
    if (!lastEventId.isEmpty())
        arguments << u"--header"_s << u"Last-Event-ID: "_s + QString::fromLatin1(lastEventId);
    arguments << u"http://127.0.0.1:%1/admin/v1/events"_s.arg(service.adminPort());
    m_curl.start(u"curl"_s, arguments);
}

EventListener::~EventListener()
{
    m_curl.kill();
    m_curl.waitForFinished(int(kLongestWait.count()));
}

bool EventListener::readMore()
{
    const bool hasCome = m_curl.bytesAvailable() > 0
        || m_curl.waitForReadyRead(int(kLongestWait.count())) || m_curl.bytesAvailable() > 0;
    m_events << m_parser.feed(m_curl.readAllStandardOutput());
    return hasCome;
}

void EventListener::takeWhatIsThere()
{
    while (m_curl.waitForReadyRead(0)) { }
    m_events << m_parser.feed(m_curl.readAllStandardOutput());
}

bool EventListener::waitFor(const QByteArray &type)
{
    do {
        while (m_looked < m_events.size()) {
            if (m_events.at(m_looked++).type == type)
                return true;
        }
    } while (readMore());
    return false;
}

int EventListener::waitForEnd()
{
    while (readMore()) { }
    if (m_curl.state() != QProcess::NotRunning)
        m_curl.waitForFinished(int(kLongestWait.count()));
    return m_curl.exitStatus() == QProcess::NormalExit ? m_curl.exitCode() : -1;
}

QStringList EventListener::types() const
{
    QStringList types;
    for (const ServerEvent &event : m_events) {
        const bool isPeriodic =
            event.type == "stats" || (event.type == "snapshot" && !types.isEmpty());
        if (!isPeriodic)
            types << QString::fromLatin1(event.type);
    }
    return types;
}

QList<QJsonObject> EventListener::payloads(const QByteArray &type) const
{
    QList<QJsonObject> payloads;
    for (const ServerEvent &event : m_events) {
        if (event.type == type)
            payloads << QJsonDocument::fromJson(event.data).object();
    }
    return payloads;
}

bool waitForJob(EventListener &events, const QByteArray &id,
                const std::function<bool(const QJsonObject &job)> &holds)
{
    while (events.waitFor("job")) {
        for (const QJsonObject &job : events.payloads("job")) {
            if (job["id"_L1].toString().toLatin1() == id && holds(job))
                return true;
        }
    }
    return false;
}

QByteArray tokenOf(const ServiceProcess &service)
{
    return service.operatorToken();
}

QByteArray subscription(const ServiceProcess &service)
{
    return "GET /admin/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
        + tokenOf(service) + "\r\n\r\n";
}

} // namespace quiesce::test
