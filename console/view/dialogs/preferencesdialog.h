// SPDX-License-Identifier: GPL-3.0-only
// PreferencesDialog: what an operator may choose, as a form.
#pragma once

#include "console/model/settings/choices.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace quiesce {

/// To be shown by open(); goes when it is closed. Emits: chosen() once, when it is accepted.
class PreferencesDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit PreferencesDialog(const Choices &choices, QWidget *parent = nullptr);

    /// As the form says.
    [[nodiscard]] Choices choices() const;

Q_SIGNALS:
    void chosen(const quiesce::Choices &choices);

private:
    void addLook(QFormLayout *rows);
    void addActing(QFormLayout *rows);
    void addDesktop(QFormLayout *rows);
    void fill();
    QSpinBox *addDuration(QFormLayout *rows, const QString &label, const QString &suffix);
    QCheckBox *addCheck(QFormLayout *rows, const QString &text);

    Choices m_choices;
    QComboBox *m_theme;
    QComboBox *m_language;
    QLineEdit *m_actor;
    QCheckBox *m_reason = nullptr;
    QCheckBox *m_typedName = nullptr;
    QSpinBox *m_extension = nullptr;
    QCheckBox *m_notifications = nullptr;
    QCheckBox *m_toTray = nullptr;
    QSpinBox *m_chartWindow = nullptr;
    QSpinBox *m_retention = nullptr;
};

} // namespace quiesce
