// SPDX-License-Identifier: GPL-3.0-only
// OverviewPanes: see the header.
#include "console/view/detail/overviewpanes.h"

#include <QDataStream>
#include <QEvent>
#include <QIODevice>

namespace quiesce {

namespace {

/// Changes when what is written does.
constexpr quint32 kStateVersion = 0x51500001;
constexpr double kUsualShare = 0.6;
constexpr int kWideEms = 120; ///< from this width on, the two stand beside each other

} // namespace

OverviewPanes::OverviewPanes(QWidget *parent)
    : QSplitter(Qt::Vertical, parent)
{
    setChildrenCollapsible(false);
    connect(this, &QSplitter::splitterMoved, this, &OverviewPanes::takeShare);
}

std::optional<double> &OverviewPanes::chosen()
{
    return m_chosen[orientation() == Qt::Horizontal ? 0 : 1];
}

void OverviewPanes::setFirstShown(bool isShown)
{
    if (widget(0)->isHidden() != isShown)
        return;
    widget(0)->setVisible(isShown);
    arrange();
}

void OverviewPanes::arrange()
{
    if (count() < 2 || widget(0)->isHidden())
        return;
    const bool isWide = width() >= kWideEms * fontMetrics().averageCharWidth();
    if (const Qt::Orientation way = isWide ? Qt::Horizontal : Qt::Vertical; way != orientation())
        setOrientation(way);
    const int whole = (isWide ? width() : height()) - handleWidth();
    const int first = static_cast<int>(whole * chosen().value_or(kUsualShare));
    setSizes({ first, whole - first });
}

void OverviewPanes::takeShare()
{
    const QList<int> now = sizes();
    if (const int whole = now[0] + now[1]; whole > 0)
        chosen() = static_cast<double>(now[0]) / whole;
}

QByteArray OverviewPanes::saveShares() const
{
    QByteArray state;
    QDataStream stream(&state, QIODevice::WriteOnly);
    stream << kStateVersion;
    for (const std::optional<double> &share : m_chosen)
        stream << share.value_or(-1);
    return state;
}

bool OverviewPanes::restoreShares(const QByteArray &state)
{
    quint32 version = 0;
    std::array<double, 2> shares{};
    QDataStream stream(state);
    stream >> version >> shares[0] >> shares[1];
    if (stream.status() != QDataStream::Ok || version != kStateVersion)
        return false;
    for (size_t way = 0; way < shares.size(); ++way) {
        if (shares[way] >= 0 && shares[way] <= 1)
            m_chosen[way] = shares[way];
        else
            m_chosen[way].reset();
    }
    arrange();
    return true;
}

void OverviewPanes::resetShares()
{
    m_chosen = {};
    arrange();
}

void OverviewPanes::resizeEvent(QResizeEvent *event)
{
    QSplitter::resizeEvent(event);
    arrange();
}

void OverviewPanes::changeEvent(QEvent *event)
{
    QSplitter::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        arrange();
}

} // namespace quiesce
