// SPDX-License-Identifier: GPL-3.0-only
// BlockerModel: how its rows follow what the service names.
#include "console/model/lists/blockermodel.h"

#include <QHash>

namespace quiesce {

namespace {

std::pair<QString, QString> keyOf(const Blocker &blocker)
{
    return { blocker.kind, blocker.id };
}

/// A kind is that of thousands, an id of one.
struct KeyView
{
    QStringView kind;
    QStringView id;

    friend bool operator==(const KeyView &a, const KeyView &b)
    {
        return a.id == b.id && a.kind == b.kind;
    }
    friend size_t qHash(const KeyView &key, size_t seed) { return qHash(key.id, seed); }
};

KeyView viewOf(const Blocker &blocker)
{
    return { .kind = blocker.kind, .id = blocker.id };
}

} // namespace

struct BlockerModel::Wanted
{
    QList<Blocker> blockers;
    QHash<KeyView, qsizetype> places; ///< views of what was given, which outlives this
};

namespace {

bool saysTheSame(const Blocker &a, Blocker b)
{
    b.age = a.age;
    return a == b;
}

BlockerRow rowOf(const Blocker &blocker, qint64 now)
{
    return { .blocker = blocker, .since = now - blocker.age.count() };
}

} // namespace

/// Each once, oldest first, as many as are kept.
BlockerModel::Wanted BlockerModel::wantedOf(const QList<Blocker> &given)
{
    const qsizetype most = std::min(given.size(), kMaxRows);
    Wanted wanted;
    wanted.blockers.reserve(most);
    wanted.places.reserve(most);
    for (const Blocker &blocker : given) {
        if (wanted.blockers.size() == most)
            break;
        qsizetype &place = wanted.places[viewOf(blocker)];
        if (wanted.places.size() > wanted.blockers.size()) {
            place = wanted.blockers.size();
            wanted.blockers.append(blocker);
        }
    }
    const auto isOlder = [](const Blocker &a, const Blocker &b) { return a.age > b.age; };
    if (!std::is_sorted(wanted.blockers.cbegin(), wanted.blockers.cend(), isOlder)) {
        std::stable_sort(wanted.blockers.begin(), wanted.blockers.end(), isOlder);
        for (qsizetype i = 0; i < wanted.blockers.size(); ++i)
            wanted.places[viewOf(wanted.blockers[i])] = i;
    }
    return wanted;
}

BlockerModel::BlockerModel(QObject *parent)
    : RowTable(parent)
{
    connect(&m_removing, &Throttle::due, this, &BlockerModel::removeEnded);
}

void BlockerModel::setBlockers(const QList<Blocker> &oldestFirst, qint64 total, qint64 now)
{
    m_ended.clear(); // what has ended is not in the list
    m_removing.forget();
    m_now = now;
    const Wanted wanted = wantedOf(oldestFirst);
    keepOnly(wanted);
    insertNew(wanted.blockers, now);
    updateKept(wanted.blockers);
    setTotal(std::max<qint64>(total, wanted.blockers.size()));
}

/// Those that are still wanted, and that stand in the wanted order: another place is another row.
void BlockerModel::keepOnly(const Wanted &wanted)
{
    Marks going(rows().size(), false);
    qsizetype last = -1;
    for (qsizetype i = 0; i < rows().size(); ++i) {
        const qsizetype place = wanted.places.value(viewOf(rows()[i].blocker), -1);
        if (place > last)
            last = place;
        else
            going[i] = true;
    }
    removeMarked(going);
}

void BlockerModel::insertNew(const QList<Blocker> &wanted, qint64 now)
{
    struct Gap
    {
        qsizetype at = 0;
        QList<BlockerRow> rows;
    };
    std::vector<Gap> gaps;
    qsizetype kept = 0;
    for (qsizetype i = 0; i < wanted.size(); ++i) {
        if (kept < rows().size() && viewOf(rows()[kept].blocker) == viewOf(wanted[i])) {
            ++kept;
            continue;
        }
        if (gaps.empty() || gaps.back().at + gaps.back().rows.size() != i)
            gaps.push_back({ .at = i, .rows = {} });
        gaps.back().rows.append(rowOf(wanted[i], now));
    }
    if (gaps.size() > kMaxRuns)
        return appendInOrder(wanted, now);
    for (Gap &gap : gaps)
        insertAt(gap.at, std::move(gap.rows));
}

/// All new ones at once behind the others, and then each to its place.
void BlockerModel::appendInOrder(const QList<Blocker> &wanted, qint64 now)
{
    QList<BlockerRow> added;
    std::vector<int> order;
    const int before = int(rows().size());
    int kept = 0;
    for (const Blocker &blocker : wanted) {
        if (kept < before && viewOf(rows()[kept].blocker) == viewOf(blocker)) {
            order.push_back(kept++);
        } else {
            order.push_back(before + int(added.size()));
            added.append(rowOf(blocker, now));
        }
    }
    insertAt(before, std::move(added));
    reorder(order);
}

void BlockerModel::updateKept(const QList<Blocker> &wanted)
{
    Marks changed(rows().size(), false);
    for (qsizetype i = 0; i < rows().size(); ++i) {
        if (saysTheSame(wanted[i], rows()[i].blocker))
            continue;
        row(i).blocker = wanted[i];
        changed[i] = true;
    }
    tellChanged(changed, Columns - 1);
}

void BlockerModel::remove(const QString &kind, const QString &id)
{
    m_ended.insert({ kind, id });
    m_removing.request();
}

void BlockerModel::removeEnded()
{
    const qsizetype ended = m_ended.size();
    Marks going(rows().size(), false);
    for (qsizetype i = 0; i < rows().size(); ++i)
        going[i] = m_ended.contains(keyOf(rows()[i].blocker));
    m_ended.clear();
    removeMarked(going);
    setTotal(std::max<qint64>(m_total - ended, rows().size()));
}

void BlockerModel::setTotal(qint64 total)
{
    m_total = total;
    Q_EMIT totalChanged();
}

void BlockerModel::tick(qint64 now)
{
    m_now = now;
    if (!rows().isEmpty())
        Q_EMIT dataChanged(index(0, AgeColumn), index(int(rows().size()) - 1, AgeColumn),
                           { Qt::DisplayRole });
}

int BlockerModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

} // namespace quiesce
