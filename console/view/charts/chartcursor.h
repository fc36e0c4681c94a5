// SPDX-License-Identifier: GPL-3.0-only
// ChartCursor: the upright line at the moment that is looked at, with the values there.
#pragma once

#include "console/view/charts/plot.h"
#include <QStringList>
#include <optional>

namespace quiesce {

/// On a layer with a buffer of its own: moving it draws no curve again.
class ChartCursor final : public QCPLayerable
{
    Q_OBJECT

public:
    ChartCursor(QCPAxisRect *rect, const QString &layer);

    struct Reading
    {
        double key = 0; ///< seconds since the epoch
        QString time;
        QStringList values; ///< a line each

        friend bool operator==(const Reading &, const Reading &) = default;
    };
    /// Draws its layer at once when it is another.
    void setReading(const std::optional<Reading> &reading);
    [[nodiscard]] const std::optional<Reading> &reading() const { return m_reading; }

protected:
    [[nodiscard]] QRect clipRect() const override;
    void applyDefaultAntialiasingHint(QCPPainter *painter) const override;
    void draw(QCPPainter *painter) override;

private:
    [[nodiscard]] QRectF labelBox(const QFontMetricsF &metrics, double x) const;
    void drawLabel(QCPPainter *painter, double x) const;

    QCPAxisRect *m_rect;
    std::optional<Reading> m_reading;
};

} // namespace quiesce
