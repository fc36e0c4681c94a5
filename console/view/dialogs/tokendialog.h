// SPDX-License-Identifier: GPL-3.0-only
// TokenDialog: asks for the token of one instance.
#pragma once

#include "common/secret.h"

#include <QDialog>

namespace quiesce {

class SecretEdit;

/// To be shown by open(); goes when it is closed.
///
/// Emits: tokenGiven() once, when there is one; to be taken by a direct connection, since nobody
///        keeps it here. Else rejected().
class TokenDialog final : public QDialog
{
    Q_OBJECT

public:
    /// `why`: what was wrong with the last one; empty when it is just asked for.
    TokenDialog(const QString &name, const QString &why, QWidget *parent = nullptr);

Q_SIGNALS:
    void tokenGiven(const quiesce::Secret &token);

private:
    void give();

    SecretEdit *m_token;
};

} // namespace quiesce
