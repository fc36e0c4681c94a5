// SPDX-License-Identifier: GPL-3.0-only
// Consequence: what a change would do to these instances, in numbers as far as they are known.
#pragma once

#include "console/model/instance/instance.h"

#include <QCoreApplication>

namespace quiesce {

/// What is in progress in some instances, as was last heard of them.
struct WorkInProgress
{
    qint64 requests = 0;
    qint64 jobs = 0; ///< that run
    std::chrono::milliseconds oldest{ 0 }; ///< of the requests
    QString oldestLabel; ///< "POST /work"; empty where it is not said
    std::chrono::milliseconds predicted{ 0 }; ///< of the slowest
    int known = 0; ///< instances that these numbers are of
    int unknown = 0; ///< instances that nothing is known of
    int stale = 0; ///< instances whose numbers may be old

    [[nodiscard]] static WorkInProgress of(const QList<Instance *> &instances);
    [[nodiscard]] static WorkInProgress of(const Instance &instance);

private:
    void add(const Instance &instance);
};

/// Each line a sentence or two for people. What is not known is said to be unknown.
class Consequence final
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::Consequence)

public:
    [[nodiscard]] static QStringList of(const CommandRequest &request,
                                        const QList<Instance *> &instances);
    /// "3 requests in flight and 2 jobs running."
    [[nodiscard]] static QString inProgress(const WorkInProgress &work);

private:
    static constexpr qsizetype kMaxNamed = 8; ///< what is lost, a line each

    static QStringList ofQuiesce(const WorkInProgress &work);
    static QStringList ofResume(const QList<Instance *> &instances);
    static QStringList ofStop(const CommandRequest &request, const WorkInProgress &work);
    static QStringList ofExtend(const CommandRequest &request, const QList<Instance *> &instances);
    static QString limitOfExtension(const CommandRequest &request, const StopView &stop);
    static QStringList ofForce(const WorkInProgress &work);
    static QStringList lostByName(const QList<Instance *> &instances);
    static QStringList ofCancelRequest(const CommandRequest &request, const Instance &instance);
    static QString schedule(const CommandRequest &request);
    static QString cutRequests(const WorkInProgress &work);
    static QString cutJobs(const WorkInProgress &work);
    static QString caveat(const WorkInProgress &work);
};

} // namespace quiesce
