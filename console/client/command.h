// SPDX-License-Identifier: GPL-3.0-only
// Command: one change asked of one instance, and the one thing that becomes of it.
#pragma once

#include "console/client/snapshot.h"

#include <QObject>

namespace quiesce {

enum class Verb : unsigned char {
    Quiesce,
    Resume,
    Stop,
    Extend,
    Force,
    CancelRequest,
    CancelJob,
};

/// What is asked for. `target` is a request's or a job's id.
struct CommandRequest
{
    Verb verb = Verb::Quiesce;
    QString target = {};
    QString actor = {};
    QString reason = {};
    std::optional<std::chrono::milliseconds>
        lameDuck = {}; ///< of Stop; none: the service's setting
    std::optional<std::chrono::milliseconds> grace = {}; ///< of Stop; none: the service's setting
    std::chrono::milliseconds by{ 0 }; ///< of Extend
};

struct CommandOutcome
{
    enum class Kind : unsigned char {
        Accepted, ///< 2xx; what it leads to comes as events
        Refused, ///< the service said no: `code` and `detail` say why
        Failed, ///< nobody knows whether it arrived: no answer, or none that can be understood
    };
    Kind kind = Kind::Failed;
    int status = 0; ///< HTTP; 0: none
    QString code; ///< of problem+json, `past-no-return` …; of Failed a word of Qt's error
    QString detail; ///< for people
    std::optional<Snapshot> snapshot; ///< as the service answered
};

/// Thread:  event loop.
/// Owns:    itself: goes after finished(). Its client's end finishes it as Failed first.
/// Emits:   finished() exactly once, never inside the call that made it; within
///          InstanceClient::kCommandTimeout.
class Command final : public QObject
{
    Q_OBJECT

public:
    explicit Command(CommandRequest request, QObject *parent = nullptr);

    [[nodiscard]] const CommandRequest &request() const { return m_request; }
    [[nodiscard]] bool isFinished() const { return m_isFinished; }
    /// The first call counts, later ones do nothing.
    void finish(const quiesce::CommandOutcome &outcome);

Q_SIGNALS:
    void finished(const quiesce::CommandOutcome &outcome);

private:
    CommandRequest m_request;
    bool m_isFinished = false;
};

} // namespace quiesce
