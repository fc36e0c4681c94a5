// SPDX-License-Identifier: GPL-3.0-only
// StateRefresh: fetches snapshots while a service stops, when the stream's own come too seldom.
#pragma once

#include "console/client/http/restcall.h"
#include "console/client/link/linktiming.h"
#include "console/client/snapshot.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace quiesce {

/// Looks at /admin/v1/state at once when the state has changed, and once each `refresh` while a
/// stop is under way and somebody looks closely: what it waits for is in snapshots only, and the
/// stream brings one each five seconds.
///
/// Thread:  event loop. Owns: the one call that may be outstanding.
/// Emits:   snapshotReceived() unless the state has changed since it was asked for, or after
/// rest(). Limits:  kLeastGap between two looks; an answer of kMaxBytes.
class StateRefresh final : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kLeastGap{ 100 };
    static constexpr qint64 kMaxBytes = 1024 * 1024;

    StateRefresh(HttpAccess &access, const LinkTiming &timing, QObject *parent = nullptr);

    /// The stream is not live (any more).
    void rest();
    /// A snapshot has come by the stream.
    void noteSnapshot(const Snapshot &snapshot);
    void noteState(const StateEvent &event);
    /// Something was changed that no event tells of.
    void lookSoon();
    /// Whether what a stop waits for is looked at. It is until this says otherwise.
    void setLooksClosely(bool isClose);

Q_SIGNALS:
    void snapshotReceived(const quiesce::Snapshot &snapshot);

private:
    void look();
    void goOn();
    void take(const RestAnswer &answer);
    void dropCall();

    HttpAccess &m_access;
    RestCall::Limits m_limits;
    std::chrono::milliseconds m_period;
    RestCall *m_call = nullptr; ///< child
    QTimer m_due;
    QElapsedTimer m_sinceLook;
    bool m_isStopping = false;
    bool m_looksClosely = true;
    bool m_isOutdated = false; ///< the outstanding one, by a state event
};

} // namespace quiesce
