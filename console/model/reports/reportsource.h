// SPDX-License-Identifier: GPL-3.0-only
// ReportSource: gets the reports of the instance that is looked at, and keeps the list of them.
#pragma once

#include "console/model/instance/instance.h"
#include "console/model/reports/reportlist.h"

#include <QPointer>

namespace quiesce {

/// Asks when an instance is set, when it has become live, after each report it sent, and when told
/// to; what the instance itself has seen is in the list at once.
///
/// Thread:  event loop. Owns: its list.
/// Emits:   stateChanged() at each change of state() or error().
/// Limits:  one question counts at a time: the answer to an earlier one is not waited for.
class ReportSource final : public QObject
{
    Q_OBJECT

public:
    enum class State : unsigned char {
        Idle, ///< no instance, or nobody to ask
        Loading,
        Loaded,
        Failed, ///< error() says why; what is listed is from before
    };
    using Then = InstanceClient::Then<Page<StopReport>>;
    /// Asks the instance; false when there is nobody to ask, and `then` is not called.
    using Fetch = std::function<bool(const Instance &, QObject *context, const Then &then)>;

    /// Asks the instance's client.
    static Fetch fromClient();

    explicit ReportSource(Fetch fetch = fromClient(), QObject *parent = nullptr);

    [[nodiscard]] ReportList &list() { return m_list; }
    [[nodiscard]] const ReportList &list() const { return m_list; }
    [[nodiscard]] Instance *instance() const { return m_instance; }
    void setInstance(Instance *instance);
    void refresh();

    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] const FetchError &error() const { return m_error; }

Q_SIGNALS:
    void stateChanged();

private:
    void follow();
    void takeLastReport();
    void setState(State state, const FetchError &error = {});
    void finish(const Result<Page<StopReport>, FetchError> &result);

    Fetch m_fetch;
    ReportList m_list;
    QPointer<Instance> m_instance;
    std::unique_ptr<QObject> m_question; ///< the context of the one under way
    State m_state = State::Idle;
    FetchError m_error;
    bool m_wasLive = false;
};

} // namespace quiesce
