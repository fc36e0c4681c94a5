// SPDX-License-Identifier: GPL-3.0-only
// RollingStopDialog: sets up a rolling stop, then shows it run.
#pragma once

#include "console/model/acting/actionpolicy.h"
#include "console/model/acting/rollingstop.h"
#include "console/view/actions/dialogs/commandform.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace quiesce {

class PaceForm;
class RollingTable;
class ToneBanner;

/// Beside the window, not before it: a rolling stop may take long. Use show(); it goes when it is
/// closed, which it cannot be while it runs: Abort asks nothing and is there for that.
///
/// Thread:  event loop. Owns: the run. What is under way when it is aborted or goes is left to its
///          instance.
class RollingStopDialog final : public QDialog
{
    Q_OBJECT

public:
    struct Setup
    {
        QString actor;
        ReasonNeed reasonNeed = ReasonNeed::Optional;
        NameNeed nameNeed = NameNeed::InProduction;
        ActionPolicy::PermissionOf permissionOf; ///< of Verb::Stop
        RollingStop::Send send;
    };

    RollingStopDialog(const Setup &setup, const QList<Instance *> &targets,
                      QWidget *parent = nullptr);

    [[nodiscard]] bool isRunning() const { return m_run && m_run->isRunning(); }

    void reject() override;

private:
    static constexpr int kWidthInChars = 100;

    void build();
    QLayout *makeList();
    QLayout *makeButtons();
    void refresh();
    [[nodiscard]] QString phraseFor(const QList<Instance *> &targets) const;
    [[nodiscard]] QString faultOf(const QList<Instance *> &targets) const;
    void start();
    void finish(RollingStop::Outcome outcome);
    [[nodiscard]] QString summary(RollingStop::Outcome outcome) const;

    NameNeed m_nameNeed;
    RollingStop::Send m_send;
    RollingTable *m_table;
    QPushButton *m_up;
    QPushButton *m_down;
    PaceForm *m_pace;
    CommandForm *m_form;
    QLabel *m_heading;
    ToneBanner *m_note;
    QPushButton *m_start;
    QPushButton *m_close;
    RollingStop *m_run = nullptr;
};

} // namespace quiesce
