// SPDX-License-Identifier: GPL-3.0-only
// PreferencesDialog: see the header.
#include "console/view/dialogs/preferencesdialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QSpinBox>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

using std::chrono::minutes;
using std::chrono::seconds;

namespace {

template <typename Unit>
int countOf(std::chrono::milliseconds duration)
{
    return int(std::chrono::duration_cast<Unit>(duration).count());
}

} // namespace

PreferencesDialog::PreferencesDialog(const Choices &choices, QWidget *parent)
    : QDialog(parent)
    , m_choices(choices)
    , m_theme(new QComboBox(this))
    , m_language(new QComboBox(this))
    , m_actor(new QLineEdit(this))
{
    setAttribute(Qt::WA_DeleteOnClose);
    setWindowTitle(tr("Preferences"));
    auto *column = new QVBoxLayout(this);
    auto *rows = new QFormLayout;
    rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addLook(rows);
    addActing(rows);
    addDesktop(rows);
    column->addLayout(rows);
    column->addStretch();
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel, this);
    column->addWidget(buttons);
    fill();
    connect(buttons, &QDialogButtonBox::accepted, this, [this] {
        Q_EMIT chosen(this->choices());
        accept();
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
}

void PreferencesDialog::addLook(QFormLayout *rows)
{
    m_theme->addItem(tr("As the desktop"), int(Theme::System));
    m_theme->addItem(tr("Light"), int(Theme::Light));
    m_theme->addItem(tr("Dark"), int(Theme::Dark));
    m_language->addItem(tr("As the desktop"), int(Language::System));
    m_language->addItem(u"English"_s, int(Language::English));
    m_language->addItem(u"简体中文"_s, int(Language::Chinese));
    m_language->setToolTip(tr("From the next start on"));
    rows->addRow(tr("&Theme:"), m_theme);
    rows->addRow(tr("&Language:"), m_language);
    m_chartWindow = addDuration(rows, tr("&Charts show:"), tr(" min"));
    m_chartWindow->setRange(countOf<minutes>(Choices::kShortestChart),
                            countOf<minutes>(Choices::kLongestChart));
}

void PreferencesDialog::addActing(QFormLayout *rows)
{
    m_actor->setMaxLength(Choices::kMaxActorLength);
    m_actor->setToolTip(tr("Who acts, as services record it"));
    rows->addRow(tr("Your &name:"), m_actor);
    m_reason = addCheck(rows, tr("&Ask for a reason before a stop, a quiesce or a force"));
    m_typedName = addCheck(rows, tr("In &production, ask for the service's name to be typed"));
    m_extension = addDuration(rows, tr("&Extend by:"), tr(" s"));
    m_extension->setRange(countOf<seconds>(Choices::kShortestExtension),
                          countOf<seconds>(Choices::kLongestExtension));
}

void PreferencesDialog::addDesktop(QFormLayout *rows)
{
    m_retention = addDuration(rows, tr("&Keep stopped services for:"), tr(" min"));
    m_retention->setRange(0, countOf<minutes>(Choices::kLongestRetention));
    m_retention->setSpecialValueText(tr("until they are dismissed"));
    m_notifications = addCheck(rows, tr("Show &notifications of stops and of services lost"));
    m_toTray = addCheck(rows, tr("Closing the window leaves the console in the &tray"));
}

void PreferencesDialog::fill()
{
    m_theme->setCurrentIndex(m_theme->findData(int(m_choices.theme)));
    m_language->setCurrentIndex(m_language->findData(int(m_choices.language)));
    m_actor->setText(m_choices.actor);
    m_reason->setChecked(m_choices.isReasonRequired);
    m_typedName->setChecked(m_choices.isNameTypedInProduction);
    m_extension->setValue(countOf<seconds>(m_choices.extension));
    m_notifications->setChecked(m_choices.hasNotifications);
    m_toTray->setChecked(m_choices.closesToTray);
    m_chartWindow->setValue(countOf<minutes>(m_choices.chartWindow));
    m_retention->setValue(countOf<minutes>(m_choices.retention));
}

Choices PreferencesDialog::choices() const
{
    Choices choices = m_choices;
    choices.theme = Theme(m_theme->currentData().toInt());
    choices.language = Language(m_language->currentData().toInt());
    choices.actor = m_actor->text().trimmed();
    choices.isReasonRequired = m_reason->isChecked();
    choices.isNameTypedInProduction = m_typedName->isChecked();
    choices.extension = seconds(m_extension->value());
    choices.hasNotifications = m_notifications->isChecked();
    choices.closesToTray = m_toTray->isChecked();
    choices.chartWindow = minutes(m_chartWindow->value());
    choices.retention = minutes(m_retention->value());
    return choices;
}

QSpinBox *PreferencesDialog::addDuration(QFormLayout *rows, const QString &label,
                                         const QString &suffix)
{
    auto *box = new QSpinBox(this);
    box->setSuffix(suffix);
    rows->addRow(label, box);
    return box;
}

QCheckBox *PreferencesDialog::addCheck(QFormLayout *rows, const QString &text)
{
    auto *box = new QCheckBox(text, this);
    rows->addRow(QString(), box);
    return box;
}

} // namespace quiesce
