// SPDX-License-Identifier: GPL-3.0-only
// The shop: a service of somebody else's, with a route, a hook and a job.
#pragma once

#include <Quiesce/Service>
#include <atomic>

class Shop final : public QObject
{
    Q_OBJECT

public:
    /// Adds itself to a service, which must not outlive it.
    void openIn(quiesce::Service &service);
    [[nodiscard]] bool isFlushed() const { return m_isFlushed; }

signals: // Qt's keywords are this project's to use
    void sold(const QString &what);

private:
    std::atomic<bool> m_isFlushed = false;
};
