// SPDX-License-Identifier: GPL-3.0-only
// OverviewPanes: what a stop waits for and the charts, and how they share the room.
#pragma once

#include <QSplitter>
#include <array>
#include <optional>

namespace quiesce {

/// Two panes with a handle between: beside each other where that gives both enough width, else the
/// second below. The first has the larger part, as it is only shown when it matters; while it is
/// hidden the second has all. Where an operator has put the handle it stays, apart for each of the
/// two ways, whatever the size.
///
/// Thread: GUI. Order: the first pane is added first.
class OverviewPanes final : public QSplitter
{
    Q_OBJECT

public:
    explicit OverviewPanes(QWidget *parent = nullptr);

    void setFirstShown(bool isShown);

    /// Where the handle was put, for another run. An empty or a foreign one changes nothing.
    [[nodiscard]] QByteArray saveShares() const;
    bool restoreShares(const QByteArray &state);
    void resetShares();

    /// No more than must be: what is there beyond that is shared, and nothing scrolls for it.
    [[nodiscard]] QSize sizeHint() const override { return minimumSizeHint(); }

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void arrange();
    void takeShare();
    [[nodiscard]] std::optional<double> &chosen();

    /// The first one's part of the whole, 0 to 1, where it was chosen: beside, and below.
    std::array<std::optional<double>, 2> m_chosen;
};

} // namespace quiesce
