// SPDX-License-Identifier: GPL-3.0-only
// SecretEdit: a field for a token, which is shown as dots and taken once.
#pragma once

#include "common/secret.h"

#include <QLineEdit>

namespace quiesce {

/// Not learnt by input methods, not copied out. Limits: kMaxLength characters.
class SecretEdit final : public QLineEdit
{
    Q_OBJECT

public:
    static constexpr int kMaxLength = 4'096;

    explicit SecretEdit(QWidget *parent = nullptr);

    /// What was typed, without blanks around it; the field is empty from here on.
    [[nodiscard]] Secret take();
    [[nodiscard]] bool hasSecret() const { return !text().trimmed().isEmpty(); }
};

} // namespace quiesce
