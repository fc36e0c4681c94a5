// SPDX-License-Identifier: GPL-3.0-only
// InstanceClient: the console's one line to one instance, its event stream and its REST calls.
#pragma once

#include "common/result.h"
#include "common/secret.h"
#include "console/client/command.h"
#include "console/client/instancespec.h"
#include "console/client/link/linktiming.h"
#include "console/client/linkstatus.h"
#include "console/client/snapshot.h"

#include <QObject>
#include <functional>
#include <memory>

namespace quiesce {

/// What the token may do.
enum class Role { Unknown, Reader, Operator }; // with a type, lupdate of Qt 6.8 loses its way

/// Why a REST call that only looks gave nothing.
struct FetchError
{
    int status = 0; ///< HTTP; 0: no answer
    QString code;
    QString detail;
};

/// A page of a list; `next` is empty at its end.
template <typename T>
struct Page
{
    QList<T> items;
    QString next;
};

/// Keeps the event stream of one instance open, and asks it for changes and lists.
///
/// Connects, resumes by Last-Event-ID, notices silence, and tries again with a back-off that has
/// jitter; what is emitted is in the order of the stream. Each connection's first snapshot comes
/// before the link's change to Live, and what a resumed one brings of what was missed before that.
/// After a gap (the ring did not hold what
/// was missed) snapshotReceived() comes first, with isGap set, and nothing before it is to be
/// relied on.
///
/// Thread:  event loop. Owns: its QNetworkAccessManager (six connections a host, one of which the
///          stream holds), the token while it runs.
/// Order:   start() after the token source is set; stop() ends everything, start() begins anew.
/// Limits:  EventParser's; a REST answer of kMaxAnswerBytes, kCommandTimeout; kMaxCommands at a
///          time, of which one more fails at once.
class InstanceClient final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kCommandTimeout = std::chrono::seconds(10);
    static constexpr qsizetype kMaxAnswerBytes = qsizetype{ 8 } * 1024 * 1024;
    static constexpr int kMaxCommands = 64;

    using Timing = LinkTiming;

    explicit InstanceClient(InstanceSpec spec, QObject *parent = nullptr);
    InstanceClient(InstanceSpec spec, const Timing &timing, QObject *parent = nullptr);
    ~InstanceClient() override;

    [[nodiscard]] const InstanceSpec &spec() const;
    [[nodiscard]] const LinkStatus &link() const;
    [[nodiscard]] Role role() const;

    /// Uses this token from the next request on. For TokenSource::File none need be given: the file
    /// is read at each connect.
    void setToken(Secret token);
    void start();
    void stop();
    /// At once instead of when the back-off says; also wakes one that needs a token.
    void reconnectNow();

    /// While nobody looks at what a stop waits for, the stream's snapshots, one each five seconds,
    /// are enough; else one each second is asked for. Close until this says otherwise.
    void setLooksClosely(bool isClose);

    /// Owned by this client until it has finished.
    Command *send(const CommandRequest &request);

    template <typename T>
    using Then = std::function<void(const Result<T, FetchError> &)>;
    /// Each calls `then` exactly once, later, unless `context` or this client goes first.
    void fetchReports(QObject *context, const Then<Page<StopReport>> &then, int limit = 100);
    void fetchRequests(QObject *context, const Then<Page<Blocker>> &then, int limit = 1'000);
    void fetchJobs(QObject *context, const Then<Page<Job>> &then, int limit = 100,
                   const QString &after = {});
    void fetchJob(const QString &id, QObject *context, const Then<Job> &then);
    void fetchJobOutput(const QString &id, QObject *context, const Then<QByteArray> &then);
    void fetchAudit(QObject *context, const Then<Page<AuditEvent>> &then, int limit = 1'000);
    /// The text of `/readyz?verbose`, also of one that is not ready.
    void fetchReadiness(QObject *context, const Then<QString> &then);

Q_SIGNALS:
    void linkChanged(const quiesce::LinkStatus &link);
    void roleChanged(quiesce::Role role);
    /// `isGap`: events before it may be missing.
    void snapshotReceived(const quiesce::Snapshot &snapshot, bool isGap);
    void statsReceived(const quiesce::Stats &stats);
    void stateChanged(const quiesce::StateEvent &event);
    void requestEnded(const quiesce::RequestEvent &event);
    void jobChanged(const quiesce::Job &job);
    void logged(const quiesce::LogEvent &event);
    void audited(const quiesce::AuditEvent &event);
    void reported(const quiesce::StopReport &report);

private:
    class Private;
    std::unique_ptr<Private> d; ///< keeps QtNetwork out of everybody's includes
};

} // namespace quiesce
