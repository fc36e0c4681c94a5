// SPDX-License-Identifier: GPL-3.0-only
// FleetModel: see the header.
#include "console/model/fleet/fleetmodel.h"

namespace quiesce {

namespace {

QList<float> trendOf(const History &history)
{
    const std::deque<Sample> &samples = history.samples();
    const auto shown = std::min<qsizetype>(qsizetype(samples.size()), FleetModel::kTrendSamples);
    QList<float> trend;
    trend.reserve(shown);
    for (auto sample = samples.end() - shown; sample != samples.end(); ++sample)
        trend.append(sample->inFlight);
    return trend;
}

} // namespace

FleetModel::FleetModel(QObject *parent)
    : QAbstractTableModel(parent)
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(kFlushInterval);
    connect(&m_flushTimer, &QTimer::timeout, this, &FleetModel::flush);
    m_tickTimer.setInterval(kTickInterval);
    connect(&m_tickTimer, &QTimer::timeout, this, &FleetModel::tick);
}

void FleetModel::add(Instance *instance)
{
    if (rowOf(instance) >= 0)
        return;
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_rows.push_back({ .instance = instance,
                       .last = lastEventOf(*instance),
                       .condition = instance->condition() });
    m_places.insert(instance, row);
    endInsertRows();
    watch(instance);
    countAnew();
}

void FleetModel::watch(Instance *instance)
{
    connect(instance, &Instance::specChanged, this,
            [this, instance] { note(instance, Change::All); });
    connect(instance, &Instance::conditionChanged, this,
            [this, instance] { noteCondition(instance); });
    connect(instance, &Instance::stopChanged, this,
            [this, instance] { note(instance, Change::Stats); });
    connect(instance, &Instance::statsChanged, this,
            [this, instance] { note(instance, Change::Stats); });
    connect(instance, &Instance::reported, this, [this, instance] { noteCondition(instance); });
    connect(instance, &Instance::audited, this,
            [this, instance](const AuditEvent &event) { noteEvent(instance, lastEventOf(event)); });
    connect(instance, &Instance::logged, this,
            [this, instance](const LogEvent &event) { noteEvent(instance, lastEventOf(event)); });
    connect(instance, &QObject::destroyed, this,
            [this](const QObject *gone) { dropRow(m_places.value(gone, -1)); });
}

void FleetModel::remove(Instance *instance)
{
    const int row = rowOf(instance);
    if (row < 0)
        return;
    instance->disconnect(this);
    dropRow(row);
}

void FleetModel::dropRow(int row)
{
    if (row < 0)
        return;
    beginRemoveRows({}, row, row);
    m_rows.erase(m_rows.begin() + row);
    m_places.removeIf([row](const auto &place) { return place.value() == row; });
    for (int &place : m_places)
        place -= place > row ? 1 : 0;
    endRemoveRows();
    countAnew();
}

Instance *FleetModel::instanceAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_rows[size_t(row)].instance.data() : nullptr;
}

int FleetModel::rowOf(const Instance *instance) const
{
    return m_places.value(instance, -1);
}

void FleetModel::setTicking(bool isTicking)
{
    if (isTicking == m_tickTimer.isActive())
        return;
    if (!isTicking) {
        m_tickTimer.stop();
        return;
    }
    m_tickTimer.start();
    tick(); // what stood still is old
}

int FleetModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int FleetModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : kFleetColumns;
}

QVariant FleetModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row &row = m_rows[size_t(index.row())];
    return row.instance ? cell(row, FleetColumn(index.column()), role) : QVariant();
}

QVariant FleetModel::cell(const Row &row, FleetColumn column, int role) const
{
    const auto shown = [&row] {
        return FleetRow{ .instance = *row.instance,
                         .last = row.last,
                         .now = QDateTime::currentDateTimeUtc() };
    };
    switch (role) {
    case Qt::DisplayRole:
        return fleetText(shown(), column);
    case Qt::ToolTipRole:
        return fleetToolTip(shown(), column);
    case Qt::AccessibleTextRole:
        return column == FleetColumn::Trend ? fleetToolTip(shown(), column)
                                            : fleetText(shown(), column);
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    case SortRole:
        return fleetSortKey(shown(), column);
    case ConditionRole:
        return int(row.instance->condition());
    case ToneRole:
        return int(toneOf(row.instance->condition()));
    case IsLiveRole:
        return row.instance->link().state == LinkState::Live;
    case TrendRole:
        return QVariant::fromValue(trendOf(row.instance->history()));
    default:
        return {};
    }
}

QVariant FleetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= kFleetColumns)
        return {};
    const auto column = FleetColumn(section);
    switch (role) {
    case Qt::DisplayRole:
        return fleetHeader(column);
    case Qt::ToolTipRole:
        return fleetHeaderToolTip(column);
    case Qt::TextAlignmentRole:
        return QVariant(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft));
    default:
        return {};
    }
}

void FleetModel::note(const Instance *instance, Change change)
{
    const int row = rowOf(instance);
    if (row < 0)
        return;
    m_rows[size_t(row)].change = std::max(m_rows[size_t(row)].change, change);
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
}

void FleetModel::noteEvent(const Instance *instance, const LastEvent &event)
{
    const int row = rowOf(instance);
    if (row < 0)
        return;
    m_rows[size_t(row)].last = event;
    note(instance, Change::Event);
}

void FleetModel::noteCondition(const Instance *instance)
{
    const int row = rowOf(instance);
    if (row < 0)
        return;
    // A link that tries again and fails again is no news: the age counts from the first time.
    const LastEvent event = lastEventOf(*instance);
    LastEvent &last = m_rows[size_t(row)].last;
    const Condition now = instance->condition();
    const bool isNews = std::exchange(m_rows[size_t(row)].condition, now) != now;
    if (isNews || !last.at.isValid() || event.text != last.text)
        last = event;
    note(instance, Change::All);
}

void FleetModel::flush()
{
    bool hasNewConditions = false;
    size_t first = 0;
    while (first < m_rows.size()) {
        const Change change = m_rows[first].change;
        size_t end = first;
        while (end < m_rows.size() && m_rows[end].change == change)
            m_rows[end++].change = Change::None;
        hasNewConditions |= change == Change::All;
        emitChanged(int(first), int(end) - 1, change);
        first = end;
    }
    if (hasNewConditions)
        countAnew();
}

void FleetModel::emitChanged(int first, int last, Change change)
{
    if (change == Change::None)
        return;
    FleetColumn from = FleetColumn::State;
    FleetColumn to = FleetColumn::Address;
    if (change == Change::Event) {
        from = to = FleetColumn::LastEvent;
    } else if (change == Change::Stats) {
        from = FleetColumn::InFlight;
        to = FleetColumn::LastEvent;
    }
    Q_EMIT dataChanged(index(first, int(from)), index(last, int(to)));
}

void FleetModel::tick()
{
    if (!m_rows.empty())
        emitChanged(0, rowCount() - 1, Change::Event);
}

void FleetModel::countAnew()
{
    FleetSummary summary;
    for (const Row &row : m_rows) {
        if (row.instance)
            summary.add(row.instance->condition());
    }
    if (std::exchange(m_summary, summary) != summary)
        Q_EMIT summaryChanged();
}

} // namespace quiesce
