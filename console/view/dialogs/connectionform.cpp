// SPDX-License-Identifier: GPL-3.0-only
// ConnectionForm: see the header.
#include "console/view/dialogs/connectionform.h"

#include "console/model/words/wording.h"
#include "console/view/dialogs/faultlabel.h"
#include "console/view/dialogs/pathedit.h"
#include "console/view/dialogs/secretedit.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFormLayout>
#include <QLineEdit>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

using Field = SpecFault::Field;

namespace {

constexpr int kMaxPinText = 128; ///< 64 digits and what is between them

} // namespace

ConnectionForm::ConnectionForm(const InstanceSpec &spec, QWidget *parent)
    : QWidget(parent)
    , m_spec(spec)
    , m_rows(new QFormLayout(this))
    , m_name(new QLineEdit(this))
    , m_address(new QLineEdit(this))
    , m_group(new QLineEdit(this))
    , m_environment(new QComboBox(this))
    , m_source(new QComboBox(this))
    , m_token(new SecretEdit(this))
    , m_tokenFile(new PathEdit(tr("Token file"), this))
    , m_caFile(new PathEdit(tr("Trusted CA (PEM)"), this))
    , m_pin(new QLineEdit(this))
    , m_readOnly(new QCheckBox(tr("&Read-only: offer no changes from this console"), this))
{
    m_rows->setContentsMargins({});
    m_rows->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    addFields();
    addTokenFields();
    addTlsFields();
    m_rows->addRow(QString(), m_readOnly);
    fill();
    follow();
    check();
}

void ConnectionForm::addFields()
{
    m_address->setPlaceholderText(u"https://host:9090"_s);
    m_address->setMaxLength(kMaxUrlLength);
    m_name->setPlaceholderText(tr("as the service calls itself"));
    for (const Environment environment : { Environment::None, Environment::Development,
                                           Environment::Staging, Environment::Production })
        m_environment->addItem(environment == Environment::None ? tr("Not said")
                                                                : environmentName(environment),
                               int(environment));
    addField(tr("&Address:"), m_address, Field::Url);
    addField(tr("&Name:"), m_name, Field::Name);
    addField(tr("&Group:"), m_group, Field::Group);
    m_rows->addRow(tr("&Environment:"), m_environment);
}

void ConnectionForm::addTokenFields()
{
    m_source->addItem(tr("From the desktop's keyring"), int(TokenSource::Keyring));
    m_source->addItem(tr("From a file"), int(TokenSource::File));
    m_source->addItem(tr("Asked for in each run"), int(TokenSource::Ask));
    m_rows->addRow(tr("&Token:"), m_source);
    m_token->setPlaceholderText(tr("empty: the one that is there, else it is asked for"));
    m_rows->addRow(tr("T&oken to keep:"), m_token);
    addField(tr("Token &file:"), m_tokenFile, Field::TokenFile);
}

void ConnectionForm::addTlsFields()
{
    m_pin->setMaxLength(kMaxPinText);
    m_pin->setPlaceholderText(tr("SHA-256 of its certificate; only that is trusted then"));
    addField(tr("Trusted &CA:"), m_caFile, Field::CaFile);
    addField(tr("&Fingerprint:"), m_pin, Field::Pin);
}

void ConnectionForm::addField(const QString &label, QWidget *field, SpecFault::Field which)
{
    auto *fault = new FaultLabel(this);
    auto *column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(field);
    column->addWidget(fault);
    m_rows->addRow(label, column);
    if (auto *buddy = qobject_cast<QLabel *>(m_rows->labelForField(column)))
        buddy->setBuddy(field);
    m_faults.insert(which, fault);
}

void ConnectionForm::fill()
{
    m_name->setText(m_spec.name);
    m_address->setText(m_spec.adminUrl.toString());
    m_group->setText(m_spec.group);
    m_environment->setCurrentIndex(m_environment->findData(int(m_spec.environment)));
    m_source->setCurrentIndex(m_source->findData(int(m_spec.tokenSource)));
    m_tokenFile->setPath(m_spec.tokenFile);
    m_caFile->setPath(m_spec.caFile);
    m_pin->setText(pinText(m_spec.pinnedSha256));
    m_readOnly->setChecked(m_spec.isReadOnly);
}

void ConnectionForm::follow()
{
    for (const QLineEdit *field : { m_name, m_address, m_group, m_pin })
        connect(field, &QLineEdit::textChanged, this, &ConnectionForm::check);
    for (const PathEdit *field : { m_tokenFile, m_caFile })
        connect(field, &PathEdit::changed, this, &ConnectionForm::check);
    connect(m_source, &QComboBox::currentIndexChanged, this, &ConnectionForm::check);
}

InstanceSpec ConnectionForm::spec() const
{
    InstanceSpec spec = m_spec;
    spec.name = m_name->text().trimmed();
    spec.adminUrl = adminUrlFromUserInput(m_address->text()).value_or(QUrl());
    spec.group = m_group->text().trimmed();
    spec.environment = Environment(m_environment->currentData().toInt());
    spec.tokenSource = TokenSource(m_source->currentData().toInt());
    spec.isReadOnly = m_readOnly->isChecked();
    spec.tokenFile = spec.tokenSource == TokenSource::File ? m_tokenFile->path() : QString();
    const bool isTls = spec.adminUrl.scheme() == "https"_L1;
    spec.caFile = isTls ? m_caFile->path() : QString();
    spec.pinnedSha256 = isTls ? pinFromText(m_pin->text()).value_or(QByteArray()) : QByteArray();
    return spec;
}

Secret ConnectionForm::takeToken()
{
    Secret typed = m_token->take();
    return m_source->currentData().toInt() == int(TokenSource::Keyring) ? std::move(typed)
                                                                        : Secret();
}

std::optional<SpecFault> ConnectionForm::fault() const
{
    const InstanceSpec written = spec();
    if (auto fault = faultOf(written))
        return fault;
    const bool isPinned = written.adminUrl.scheme() == "https"_L1 && !m_pin->text().isEmpty();
    if (isPinned && written.pinnedSha256.isEmpty())
        return SpecFault{ Field::Pin, tr("not a SHA-256 of 64 hex digits") };
    return std::nullopt;
}

void ConnectionForm::check()
{
    enableFields();
    const std::optional<SpecFault> found = fault();
    m_isRight = !found;
    // That nothing is written yet is no mistake.
    const bool isBegun = !m_address->text().isEmpty();
    for (auto label = m_faults.cbegin(); label != m_faults.cend(); ++label)
        label.value()->setFault(found && isBegun && found->field == label.key() ? found->text
                                                                                : QString());
    Q_EMIT changed();
}

void ConnectionForm::enableFields()
{
    const auto source = TokenSource(m_source->currentData().toInt());
    const QString written = m_address->text().trimmed();
    const bool isTls = written.startsWith("https:"_L1, Qt::CaseInsensitive);
    m_token->setEnabled(source == TokenSource::Keyring);
    m_tokenFile->setEnabled(source == TokenSource::File);
    m_caFile->setEnabled(isTls);
    m_pin->setEnabled(isTls);
}

} // namespace quiesce
