// SPDX-License-Identifier: GPL-3.0-only
// SecretEdit: see the header.
#include "console/view/dialogs/secretedit.h"

namespace quiesce {

SecretEdit::SecretEdit(QWidget *parent)
    : QLineEdit(parent)
{
    setEchoMode(QLineEdit::Password);
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText
                        | Qt::ImhNoAutoUppercase);
    setMaxLength(kMaxLength);
}

Secret SecretEdit::take()
{
    QByteArray bytes = text().trimmed().toUtf8();
    Secret secret(bytes);
    wipe(bytes);
    setText({}); // unlike clear() this forgets what could be undone
    return secret;
}

} // namespace quiesce
