// SPDX-License-Identifier: GPL-3.0-only
// LinkKeeper: see the header. First attempts, then what comes, then ends and retries.
#include "console/client/link/linkkeeper.h"

#include <QJsonDocument>
#include <QPointer>
#include <cerrno>
#include <csignal>
#include <utility>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QDateTime now()
{
    return QDateTime::currentDateTimeUtc();
}

} // namespace

LinkKeeper::LinkKeeper(const InstanceSpec &spec, HttpAccess &access, const LinkTiming &timing,
                       QObject *parent)
    : QObject(parent)
    , m_spec(spec)
    , m_access(access)
    , m_timing(timing)
    , m_backoff(timing.firstRetry, timing.longestRetry)
{
    m_retry.setSingleShot(true);
    connect(&m_retry, &QTimer::timeout, this, &LinkKeeper::attempt);
    m_settled.setSingleShot(true);
    connect(&m_settled, &QTimer::timeout, this, [this] { m_backoff.reset(); });
    connect(&m_tokenPoll, &QTimer::timeout, this, &LinkKeeper::watchTokenFile);
}

LinkKeeper::~LinkKeeper() = default;

// Attempts.

void LinkKeeper::start()
{
    if (std::exchange(m_isStarted, true))
        return;
    m_backoff.reset();
    attempt();
}

void LinkKeeper::stop()
{
    m_isStarted = false;
    dropStream();
    m_retry.stop();
    m_tokenPoll.stop();
    m_lastEventId.clear();
    if (m_machine.status().state == LinkState::Idle)
        return;
    m_machine.rest(now());
    announce();
}

void LinkKeeper::reconnectNow()
{
    const bool isTrying = m_stream && !m_hasSnapshot;
    if (!m_isStarted || isTrying)
        return;
    attempt();
}

void LinkKeeper::setToken(Secret token)
{
    m_access.token().set(std::move(token));
    const LinkState state = m_machine.status().state;
    if (m_isStarted && (state == LinkState::NeedsToken || state == LinkState::NotAuthorised))
        attempt();
}

void LinkKeeper::attempt()
{
    dropStream();
    m_retry.stop();
    m_tokenPoll.stop();
    if (!prepare())
        return announce();
    openStream();
    m_machine.beginAttempt(now());
    announce();
}

/// False when it is known without trying that it cannot be; the machine knows then.
bool LinkKeeper::prepare()
{
    if (!prepareToken())
        return false;
    const Result<TlsTrust, QString> trust = TlsTrust::from(m_spec);
    if (trust) {
        m_access.setTrust(trust.value());
        return true;
    }
    const StreamEnd end{ .why = StreamEnd::Why::NoAnswer, .status = 0, .reason = trust.error() };
    retry(m_machine.end(end, true, now()));
    return false;
}

bool LinkKeeper::prepareToken()
{
    AccessToken &token = m_access.token();
    if (m_spec.tokenSource == TokenSource::File) {
        m_tokenMark = AccessToken::FileMark::of(m_spec.tokenFile);
        const Result<Done, QString> read = token.readFile(m_spec.tokenFile);
        if (!read)
            retry(m_machine.beUnauthorised(read.error(), now()));
        return read.isOk();
    }
    if (token.isEmpty()) {
        m_machine.needToken(tr("A token is needed"), now());
        return false;
    }
    if (!token.isWellFormed()) {
        m_machine.needToken(tr("The token has characters that no token can have"), now());
        return false;
    }
    return true;
}

void LinkKeeper::openStream()
{
    m_hasSnapshot = false;
    m_replayed = 0;
    m_stream = new EventStream(m_access, m_lastEventId, m_timing, this);
    connect(m_stream, &EventStream::heard, this, [this] {
        if (m_machine.hear(now()))
            announce();
    });
    connect(m_stream, &EventStream::fellSilent, this, [this] {
        m_machine.becomeStale(tr("Nothing has come for a while"), now());
        announce();
    });
    connect(m_stream, &EventStream::received, this, &LinkKeeper::takeEvent);
    connect(m_stream, &EventStream::ended, this, &LinkKeeper::takeEnd);
}

/// It may be the stream that has called us.
void LinkKeeper::dropStream()
{
    m_settled.stop();
    if (!m_stream)
        return;
    EventStream *stream = std::exchange(m_stream, nullptr);
    m_lastEventId = stream->lastEventId();
    stream->close();
    stream->deleteLater();
}

// What comes.

void LinkKeeper::takeEvent(const ServerEvent &event)
{
    if (event.type == "snapshot")
        takeSnapshot(event);
    else
        takeOther(event);
}

void LinkKeeper::takeSnapshot(const ServerEvent &event)
{
    const auto snapshot = snapshotFromJson(QJsonDocument::fromJson(event.data).object());
    if (!m_hasSnapshot) {
        if (!snapshot)
            return refuseStream();
        return takeFirstSnapshot(*snapshot, event.id);
    }
    if (snapshot)
        Q_EMIT snapshotReceived(*snapshot, false);
}

/// What the service still had of what was missed came before it. Where nothing came, it has the id
/// that was resumed from if nothing but stats was missed, and another when nobody knows what was.
void LinkKeeper::takeFirstSnapshot(const Snapshot &snapshot, const QByteArray &id)
{
    m_hasSnapshot = true;
    const bool isResumed = m_replayed > 0 || (!m_lastEventId.isEmpty() && id == m_lastEventId);
    const bool isGap = std::exchange(m_hasEverHad, true) && !isResumed;
    const QPointer<EventStream> stream(m_stream);
    Q_EMIT snapshotReceived(snapshot, isGap);
    if (!stream || stream != m_stream)
        return;
    m_machine.becomeLive(now());
    m_settled.start(m_timing.staleAfter);
    announce();
}

void LinkKeeper::takeOther(const ServerEvent &event)
{
    const bool isReplay = !m_hasSnapshot;
    if (isReplay && (m_lastEventId.isEmpty() || ++m_replayed > kMaxReplay))
        return refuseStream();
    const QJsonObject payload = QJsonDocument::fromJson(event.data).object();
    if (event.type == "report") {
        const std::optional<StopReport> report = stopReportFromJson(payload);
        m_machine.noteReport(report ? std::optional(report->outcome) : std::nullopt);
    }
    Q_EMIT received(event.type, payload);
}

void LinkKeeper::refuseStream()
{
    dropStream();
    m_lastEventId.clear();
    retry(
        m_machine.beIncompatible(tr("It answers, but not as a version that is known here"), now()));
    announce();
}

// Ends and retries.

void LinkKeeper::takeEnd(const StreamEnd &end)
{
    dropStream();
    retry(m_machine.end(end, isProcessThere(), now()));
    announce();
}

void LinkKeeper::retry(RetryPace pace)
{
    const std::chrono::milliseconds delay =
        pace == RetryPace::Slow ? m_timing.longestRetry : m_backoff.next();
    m_retry.start(delay);
    m_machine.planRetry(now().addMSecs(delay.count()));
    const bool isOfFile = m_spec.tokenSource == TokenSource::File;
    if (isOfFile && m_machine.status().state == LinkState::NotAuthorised)
        m_tokenPoll.start(m_timing.tokenPoll);
}

void LinkKeeper::watchTokenFile()
{
    if (AccessToken::FileMark::of(m_spec.tokenFile) != m_tokenMark)
        attempt();
}

void LinkKeeper::announce()
{
    Q_EMIT changed(m_machine.status());
}

/// Only of a local one can it be known.
bool LinkKeeper::isProcessThere() const
{
    if (!m_spec.isLocal || m_spec.pid <= 0)
        return false;
    return ::kill(static_cast<pid_t>(m_spec.pid), 0) == 0 || errno != ESRCH;
}

} // namespace quiesce
