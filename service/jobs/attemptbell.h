// SPDX-License-Identifier: GPL-3.0-only
// AttemptBell: wakes the event loop for what handlers have said on other threads.
#pragma once

#include <QObject>
#include <memory>
#include <mutex>
#include <vector>

namespace quiesce {

class AttemptLink;

/// Has AttemptLink::deliver() called on its thread for each link that rang. One message is under
/// way at a time, for however many.
///
/// Thread:  tell() from any; it lives on the event loop, and must outlive every link's detach().
/// Limits:  a link rings once until it is delivered, so there are as many as attempts under way.
class AttemptBell final : public QObject
{
    Q_OBJECT

public:
    explicit AttemptBell(QObject *parent = nullptr);

    void tell(const std::shared_ptr<AttemptLink> &link);

Q_SIGNALS:
    /// Its own, to cross threads: a queued signal hands over nothing but itself, what was told is
    /// behind the mutex.
    void told(QPrivateSignal);

private:
    void ring();

    std::mutex m_mutex; ///< for what follows
    std::vector<std::shared_ptr<AttemptLink>> m_told;
};

} // namespace quiesce
