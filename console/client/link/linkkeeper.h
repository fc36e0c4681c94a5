// SPDX-License-Identifier: GPL-3.0-only
// LinkKeeper: keeps one instance's event stream open, and opens it again.
#pragma once

#include "console/client/http/httpaccess.h"
#include "console/client/instancespec.h"
#include "console/client/link/backoff.h"
#include "console/client/link/eventstream.h"
#include "console/client/link/linkmachine.h"
#include "console/client/snapshot.h"

#include <QObject>
#include <QTimer>

namespace quiesce {

/// One subscription after the other, each resuming where the last one has ended.
///
/// Thread:  event loop.
/// Owns:    the stream; the access is another's and outlives this.
/// Emits:   changed() after each change of status() but lastSeenAt; a connection's first snapshot
///          before the change to Live. Nothing from within start(), setToken() and reconnectNow()
///          but changed().
/// Limits:  a replay of kMaxReplay events without its snapshot is none.
class LinkKeeper final : public QObject
{
    Q_OBJECT

public:
    static constexpr int kMaxReplay = 4'096; ///< the service keeps 1,024

    LinkKeeper(const InstanceSpec &spec, HttpAccess &access, const LinkTiming &timing,
               QObject *parent = nullptr);
    ~LinkKeeper() override;

    void start();
    void stop();
    void reconnectNow();
    void setToken(Secret token);

    [[nodiscard]] const LinkStatus &status() const { return m_machine.status(); }
    [[nodiscard]] bool isStarted() const { return m_isStarted; }
    [[nodiscard]] bool isLive() const { return m_machine.isLive(); }

Q_SIGNALS:
    void changed(const quiesce::LinkStatus &status);
    /// `isGap`: what came before it may be missing.
    void snapshotReceived(const quiesce::Snapshot &snapshot, bool isGap);
    /// Every other event, in order.
    void received(const QByteArray &type, const QJsonObject &payload);

private:
    void attempt();
    [[nodiscard]] bool prepare();
    [[nodiscard]] bool prepareToken();
    void openStream();
    void dropStream();

    void takeEvent(const ServerEvent &event);
    void takeSnapshot(const ServerEvent &event);
    void takeOther(const ServerEvent &event);
    void takeFirstSnapshot(const Snapshot &snapshot, const QByteArray &id);
    void takeEnd(const StreamEnd &end);
    void refuseStream();

    void retry(RetryPace pace);
    void watchTokenFile();
    void announce();
    [[nodiscard]] bool isProcessThere() const;

    InstanceSpec m_spec;
    HttpAccess &m_access;
    LinkTiming m_timing;
    Backoff m_backoff;
    LinkMachine m_machine;
    EventStream *m_stream = nullptr; ///< child; null between two attempts
    QTimer m_retry;
    QTimer m_tokenPoll; ///< runs while a token file is not good
    QTimer m_settled; ///< live for long enough for the back-off to begin anew
    AccessToken::FileMark m_tokenMark;
    QByteArray m_lastEventId;
    int m_replayed = 0; ///< events of this stream before its first snapshot
    bool m_hasSnapshot = false; ///< this stream has had one
    bool m_hasEverHad = false; ///< any stream has
    bool m_isStarted = false;
};

} // namespace quiesce
