// SPDX-License-Identifier: GPL-3.0-only
// ConnectionForm: the fields of a connection, each with what is wrong with it below.
#pragma once

#include "common/secret.h"
#include "console/client/discovery/specrules.h"

#include <QHash>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QFormLayout;
class QLineEdit;

namespace quiesce {

class FaultLabel;
class PathEdit;
class SecretEdit;

/// Emits: changed() with each change, after the faults are shown.
class ConnectionForm final : public QWidget
{
    Q_OBJECT

public:
    explicit ConnectionForm(const InstanceSpec &spec, QWidget *parent = nullptr);

    /// As the fields say.
    [[nodiscard]] InstanceSpec spec() const;
    [[nodiscard]] bool isRight() const { return m_isRight; }
    /// What was typed as a token; empty: none was. Once.
    [[nodiscard]] Secret takeToken();

Q_SIGNALS:
    void changed();

private:
    void addFields();
    void addTokenFields();
    void addTlsFields();
    void addField(const QString &label, QWidget *field, SpecFault::Field which);
    void fill();
    void follow();
    void check();
    void enableFields();
    [[nodiscard]] std::optional<SpecFault> fault() const;

    InstanceSpec m_spec;
    QFormLayout *m_rows;
    QLineEdit *m_name;
    QLineEdit *m_address;
    QLineEdit *m_group;
    QComboBox *m_environment;
    QComboBox *m_source;
    SecretEdit *m_token;
    PathEdit *m_tokenFile;
    PathEdit *m_caFile;
    QLineEdit *m_pin;
    QCheckBox *m_readOnly;
    QHash<SpecFault::Field, FaultLabel *> m_faults;
    bool m_isRight = false;
};

} // namespace quiesce
