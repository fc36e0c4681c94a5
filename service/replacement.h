// SPDX-License-Identifier: GPL-3.0-only
// Replacement: puts a new process of this program in this one's place, and loses nothing.
#pragma once

#include "common/lifecycle/stopcause.h"
#include "service/host/handover/successor.h"
#include "service/http/listeningsocket.h"

#include <QObject>
#include <QTimer>
#include <memory>
#include <optional>

namespace quiesce {

class DataDir;
class Service;

/// Starts the program anew beside itself, with the listening sockets, the lock of the data
/// directory and a share of the job store. When the new one could serve it is told to, and this one
/// stops: connections that come meanwhile wait in the kernel's queue for whoever accepts them.
/// When it cannot, or not in time, it is ended, and this one goes on as if nothing had been asked.
///
/// Thread:  event loop.
/// Owns:    the successor until it serves, and the line to it as long as this process lives.
/// Emits:   replaced() or failed() exactly once for each tryBegin() that succeeds.
/// Limits:  one at a time; the settings' service.handover_timeout.
class Replacement final : public QObject
{
    Q_OBJECT

public:
    struct Program
    {
        QString path; ///< absolute; whatever is there then is started
        QStringList arguments;
        std::chrono::milliseconds timeout;
    };

    Replacement(Service &service, const DataDir &dataDir, Program program);
    ~Replacement() override;

    enum class Refusal : unsigned char {
        NotServing, ///< `not-serving`: starting, or out of rotation, or stopping
        UnderWay, ///< `already-replacing`
        IsInit, ///< `is-pid-1`: a container or system ends with this process
    };
    [[nodiscard]] static QLatin1StringView toWire(Refusal refusal);
    /// `cause`: who has asked; the stop of this process will name it.
    [[nodiscard]] Result<Done, Refusal> tryBegin(const StopCause &cause);

Q_SIGNALS:
    /// Just before the new process is told to serve: what it says then counts.
    void handingOver(qint64 pid);
    /// The new process serves; this one is to stop.
    void replaced(qint64 pid, const quiesce::StopCause &cause);
    void failed(const QString &reason, const quiesce::StopCause &cause);

private:
    void start();
    void commit();
    void fail(const QString &reason);

    Service &m_service;
    const DataDir &m_dataDir;
    const Program m_program;
    std::unique_ptr<Successor> m_successor;
    std::optional<StopCause> m_cause; ///< while one is under way
    ListeningSocket::Use m_formerUse = ListeningSocket::Use::Alone;
    QTimer m_timer;
};

} // namespace quiesce
