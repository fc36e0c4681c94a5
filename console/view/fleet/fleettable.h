// SPDX-License-Identifier: GPL-3.0-only
// FleetTable: the view of the fleet with its columns, which remembers what was chosen.
#pragma once

#include "console/model/fleet/fleetfilter.h"
#include "console/view/look/roomystyle.h"

#include <QTreeView>

namespace quiesce {

/// The chosen instance is the one that somebody has clicked or gone to. It stays chosen when a
/// filter hides it, so that a filter or a row that goes never puts another under the operator's
/// hands; it ends with its row in the fleet.
///
/// Thread:  event loop. Owns: its header's menu. The filter outlives it.
/// Emits:   chosenChanged(), null when it has gone; selectionChangedTo() with what is selected.
class FleetTable final : public QTreeView
{
    Q_OBJECT

public:
    explicit FleetTable(FleetFilter *filter, QWidget *parent = nullptr);

    [[nodiscard]] Instance *chosen() const { return m_chosen; }
    /// Also one that is not shown; null for none.
    void choose(Instance *instance);
    [[nodiscard]] QList<Instance *> selectedInstances() const;
    /// The selected rows as shown, tabs between the columns.
    [[nodiscard]] QString selectedText() const;

    /// Of the header, so many rows and what else is there.
    [[nodiscard]] int heightFor(int rows) const;
    [[nodiscard]] QSize minimumSizeHint() const override; ///< one row

    [[nodiscard]] QByteArray saveHeader() const;
    /// False, and nothing has changed, when it is not one of saveHeader().
    bool restoreHeader(const QByteArray &state);
    void resetHeader();

Q_SIGNALS:
    void chosenChanged(quiesce::Instance *instance);
    void selectionChangedTo(const QList<quiesce::Instance *> &instances);

protected:
    void selectionChanged(const QItemSelection &selected,
                          const QItemSelection &deselected) override;
    void currentChanged(const QModelIndex &current, const QModelIndex &previous) override;
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    void setUpColumns();
    void followRows();
    void showHeaderMenu(const QPoint &at);
    void setChosen(Instance *instance);
    /// Selects the chosen one where it is shown, nothing where it is not.
    void showChosen();

    RoomyStyle m_style;
    FleetFilter *m_filter;
    Instance *m_chosen = nullptr; ///< as long as it has a row in the fleet
    bool m_isFollowing = false; ///< rows come and go: what is current is nobody's choice
};

} // namespace quiesce
