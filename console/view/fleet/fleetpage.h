// SPDX-License-Identifier: GPL-3.0-only
// FleetPage: the fleet with its search, its chips and its table, or what to do when it is empty.
#pragma once

#include "console/model/fleet/fleetfilter.h"
#include "console/view/look/roomystyle.h"

#include <QMenu>
#include <QWidget>

class QLabel;
class QLineEdit;
class QStackedLayout;

namespace quiesce {

class EmptyState;
class FleetTable;
class GroupChips;

/// Thread:  event loop. Owns: its filter. The fleet outlives it.
/// Emits:   instanceActivated() when another is chosen, null when that has gone; what a click asks
///          for, which is others' to do.
class FleetPage final : public QWidget
{
    Q_OBJECT

public:
    explicit FleetPage(FleetModel *fleet, QWidget *parent = nullptr);
    ~FleetPage() override;

    [[nodiscard]] Instance *chosen() const;
    void choose(Instance *instance);
    [[nodiscard]] QList<Instance *> selection() const;

    /// At the top of a row's menu; they act on the selection, which their owner follows.
    void addRowActions(const QList<QAction *> &actions);
    void focusSearch();

    /// For all of the fleet to be seen, whatever is searched for.
    [[nodiscard]] int heightForRows() const;
    [[nodiscard]] QByteArray saveHeader() const;
    bool restoreHeader(const QByteArray &state);
    void resetHeader();

public Q_SLOTS:
    void clearFilter();

Q_SIGNALS:
    void instanceActivated(quiesce::Instance *instance);
    void selectionChanged(const QList<quiesce::Instance *> &instances);
    void demoWanted();
    void addWanted();
    void editWanted(quiesce::Instance *instance);
    void removeWanted(const QList<quiesce::Instance *> &instances);
    void clearStoppedWanted();

protected:
    void changeEvent(QEvent *event) override;

private:
    [[nodiscard]] QWidget *makeTop();
    [[nodiscard]] QWidget *makeFirstStart();
    [[nodiscard]] QWidget *makeNoMatch();
    void setUpKeys();
    void setUpMenu();
    QAction *addToMenu(const QString &text, const QString &iconName);
    void showMenu(const QPoint &at);
    void drawIcons();
    /// Which of the three is seen, and how many.
    void showWhatThereIs();
    void chooseTheOnlyOne();

    FleetModel *m_fleet;
    FleetFilter m_filter;
    RoomyStyle m_style;
    QLineEdit *m_search;
    QAction *m_searchMark;
    GroupChips *m_chips;
    QLabel *m_shown;
    QWidget *m_top;
    FleetTable *m_table;
    EmptyState *m_noMatch = nullptr;
    QStackedLayout *m_stack;
    QMenu m_menu;
    QAction *m_ownActions = nullptr; ///< the first of the menu's own
    QAction *m_edit = nullptr;
    QAction *m_remove = nullptr;
    QAction *m_copy = nullptr;
    QAction *m_clearStopped = nullptr;
};

} // namespace quiesce
