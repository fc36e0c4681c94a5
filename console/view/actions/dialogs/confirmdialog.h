// SPDX-License-Identifier: GPL-3.0-only
// ConfirmDialog: asks before a change: what, to which instances, with what consequence.
#pragma once

#include "console/model/acting/actionpolicy.h"
#include "console/view/actions/dialogs/commandform.h"

#include <QDialog>

class QLabel;
class QPushButton;

namespace quiesce {

class TargetTable;
class ToneBanner;

/// Stays true while it is open: numbers and states follow the instances, those to which the change
/// no longer applies are left out, and when none is left it cannot be confirmed and says why.
///
/// Cancel is the default button and has the focus, so that a blind Enter or Escape does nothing.
///
/// Thread:  event loop. Use open(); it goes when it is closed.
/// Emits:   confirmed() at most once, with those that it applies to at that moment.
class ConfirmDialog final : public QDialog
{
    Q_OBJECT

public:
    struct Setup
    {
        CommandRequest request; ///< verb, target, actor, and what the fields begin with
        ReasonNeed reasonNeed = ReasonNeed::Optional; ///< of grave verbs
        NameNeed nameNeed = NameNeed::InProduction;
        ActionPolicy::PermissionOf permissionOf;
    };

    ConfirmDialog(const Setup &setup, const QList<Instance *> &targets, QWidget *parent = nullptr);

Q_SIGNALS:
    void confirmed(const QList<quiesce::Instance *> &targets,
                   const quiesce::CommandRequest &request);

private:
    static constexpr int kWidthInChars = 96;

    void build();
    QLayout *makeHeading();
    QLayout *makeButtons();
    void refresh();
    void setHeading(const QList<Instance *> &targets);
    [[nodiscard]] QString phrase() const;
    [[nodiscard]] bool isProduction() const;
    void confirm();

    Verb m_verb;
    NameNeed m_nameNeed;
    TargetTable *m_table;
    CommandForm *m_form;
    QLabel *m_mark;
    QLabel *m_heading;
    ToneBanner *m_production;
    QLabel *m_consequence;
    ToneBanner *m_note;
    QPushButton *m_confirm;
};

} // namespace quiesce
