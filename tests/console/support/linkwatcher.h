// SPDX-License-Identifier: GPL-3.0-only
// LinkWatcher: an InstanceClient with short times, and everything that it has said, in order.
#pragma once

#include "console/client/instanceclient.h"

#include <QStringList>

namespace quiesce::test {

/// Times short enough for a test and long enough for a loaded machine.
[[nodiscard]] LinkTiming shortTiming();

[[nodiscard]] QString toText(LinkState state);

/// The log has a line for each signal: `link Live`, `snapshot serving`, `snapshot serving gap`,
/// `stats 3`, `state serving>lame-duck`, `request r1`, `job j1`, `log message`, `audit stop`,
/// `report clean`, `role operator`. A change of the link that leaves its state is no line.
class LinkWatcher final : public QObject
{
    Q_OBJECT

public:
    explicit LinkWatcher(const InstanceSpec &spec, const LinkTiming &timing = shortTiming());
    ~LinkWatcher() override;

    InstanceClient client;

    /// Starts with this token.
    void start(const QByteArray &token);
    /// Waits until the link has this state.
    [[nodiscard]] bool reaches(LinkState state);
    /// Waits until the log has this line this often.
    [[nodiscard]] bool hears(const QString &line, qsizetype times = 1);
    [[nodiscard]] const QStringList &log() const { return m_log; }
    /// Only the states, `Connecting Live …`.
    [[nodiscard]] QString states() const;
    void forget() { m_log.clear(); }

private:
    void watchLink();
    void watchEvents();
    void note(const QString &line) { m_log.append(line); }

    QStringList m_log;
    LinkState m_state = LinkState::Idle;
};

} // namespace quiesce::test
