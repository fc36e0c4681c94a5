// SPDX-License-Identifier: GPL-3.0-only
// ChartMarkers: upright lines in a chart, where the state changed and where the deadline is.
#pragma once

#include "console/view/charts/plot.h"
#include <QString>

namespace quiesce {

struct ChartMarker
{
    enum class Kind : unsigned char { State, Deadline };

    qint64 at = 0; ///< ms since the epoch, UTC
    Kind kind = Kind::State;
    QString label;

    friend bool operator==(const ChartMarker &, const ChartMarker &) = default;
};

/// Draws each marker in the axis rect with its label at the top, below another's where they would
/// meet; a label that finds no place in kLabelRows rows is left out, its line is not.
class ChartMarkers final : public QCPLayerable
{
    Q_OBJECT

public:
    ChartMarkers(QCPAxisRect *rect, const QString &layer);

    [[nodiscard]] const QList<ChartMarker> &markers() const { return m_markers; }
    void setMarkers(const QList<ChartMarker> &markers); ///< by time

protected:
    [[nodiscard]] QRect clipRect() const override;
    void applyDefaultAntialiasingHint(QCPPainter *painter) const override;
    void draw(QCPPainter *painter) override;

private:
    static constexpr size_t kLabelRows = 3;

    [[nodiscard]] double xOf(const ChartMarker &marker) const;
    [[nodiscard]] QColor colorOf(ChartMarker::Kind kind) const;
    [[nodiscard]] bool isInSight(double x) const;
    [[nodiscard]] QRectF labelBox(const ChartMarker &marker) const;
    void drawLine(QCPPainter *painter, const ChartMarker &marker) const;
    void drawLabels(QCPPainter *painter) const;

    QCPAxisRect *m_rect;
    QList<ChartMarker> m_markers;
};

} // namespace quiesce
