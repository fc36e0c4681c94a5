// SPDX-License-Identifier: GPL-3.0-only
// ReportSource: see the header.
#include "console/model/reports/reportsource.h"

namespace quiesce {

ReportSource::Fetch ReportSource::fromClient()
{
    return [](const Instance &instance, QObject *context, const Then &then) {
        if (!instance.client())
            return false;
        instance.client()->fetchReports(context, then);
        return true;
    };
}

ReportSource::ReportSource(Fetch fetch, QObject *parent)
    : QObject(parent)
    , m_fetch(std::move(fetch))
{ }

void ReportSource::setInstance(Instance *instance)
{
    if (instance && m_instance == instance)
        return;
    if (m_instance)
        disconnect(m_instance, nullptr, this, nullptr);
    m_question.reset();
    m_list.clear();
    m_instance = instance;
    m_wasLive = false;
    setState(State::Idle);
    if (!instance)
        return;
    connect(instance, &QObject::destroyed, this, [this] { setInstance(nullptr); });
    connect(instance, &Instance::conditionChanged, this, &ReportSource::follow);
    connect(instance, &Instance::reported, this, [this] {
        takeLastReport();
        refresh();
    });
    m_wasLive = instance->link().state == LinkState::Live;
    takeLastReport();
    refresh();
}

void ReportSource::follow()
{
    const bool isLive = m_instance && m_instance->link().state == LinkState::Live;
    if (std::exchange(m_wasLive, isLive) != isLive && isLive)
        refresh();
}

void ReportSource::takeLastReport()
{
    if (m_instance->lastReport())
        m_list.add(*m_instance->lastReport());
}

void ReportSource::refresh()
{
    if (!m_instance)
        return;
    m_question = std::make_unique<QObject>();
    setState(State::Loading);
    const bool isAsked =
        m_fetch(*m_instance, m_question.get(), [this](const auto &result) { finish(result); });
    if (!isAsked)
        setState(State::Idle);
}

void ReportSource::finish(const Result<Page<StopReport>, FetchError> &result)
{
    if (!result) {
        setState(State::Failed, result.error());
        return;
    }
    m_list.setReports(result.value().items);
    setState(State::Loaded);
}

void ReportSource::setState(State state, const FetchError &error)
{
    const bool isSame = m_state == state && state != State::Failed;
    m_state = state;
    m_error = error;
    if (!isSame)
        Q_EMIT stateChanged();
}

} // namespace quiesce
