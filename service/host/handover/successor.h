// SPDX-License-Identifier: GPL-3.0-only
// Successor: the process that is to take this one's place, as the one before sees it.
#pragma once

#include "common/result.h"
#include "service/core/filedescriptor.h"
#include "service/host/handover/messages.h"

#include <QObject>
#include <QSocketNotifier>
#include <QStringList>
#include <memory>

namespace quiesce {

/// Starts a program with what a running one hands over, and follows it until it serves.
///
/// Thread:  event loop.
/// Owns:    its side of the line. Not the process once it was told to go: that one lives on.
/// Order:   tryStart() once; go() after ready(). Destroyed before go(), it ends the process.
/// Emits:   ready() at most once; failed() at most once and never after go().
/// Limits:  how long to wait for ready() is the caller's to bound.
class Successor final : public QObject
{
    Q_OBJECT

public:
    struct Start
    {
        QString program; ///< an absolute path
        QStringList arguments; ///< begin with the program's name
        QString instanceId; ///< of the one before
        int traffic = -1; ///< descriptors; they stay the caller's
        int admin = -1;
        int lock = -1;
    };

    explicit Successor(QObject *parent = nullptr);
    ~Successor() override;

    /// @error for people: the system's reason.
    Result<Done, QString> tryStart(const Start &start);
    [[nodiscard]] qint64 pid() const { return m_pid; }
    /// Serve, from now on.
    void go();
    /// Jobs in the store have changed. Nothing before go(), so that a flood of them cannot keep
    /// that away: it looks when it begins. Lost when it has many such messages to read already.
    void tellOfJobs();

Q_SIGNALS:
    void ready();
    /// It has ended, or let go of the line, without being told to go.
    void failed(const QString &reason);

private:
    void send(handover::Message message) const;
    void takeMessage();
    void takeEnd();
    void fail(const QString &reason);
    void kill();

    FileDescriptor m_control;
    FileDescriptor m_process; ///< a pidfd
    std::unique_ptr<QSocketNotifier> m_controlNotifier;
    std::unique_ptr<QSocketNotifier> m_processNotifier;
    qint64 m_pid = 0;
    bool m_wasToldToGo = false;
};

} // namespace quiesce
