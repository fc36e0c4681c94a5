// SPDX-License-Identifier: GPL-3.0-only
// ConnectionDialog: adds a connection, or changes one.
#pragma once

#include "common/secret.h"
#include "console/client/instancespec.h"

#include <QDialog>

namespace quiesce {

class ConnectionForm;

/// Save is to be had only when all is right. To be shown by open(); goes when it is closed.
///
/// Emits: saved() once, when it is. `token` is what was typed to be kept, empty for none: to be
///        taken by a direct connection, since nobody keeps it here.
class ConnectionDialog final : public QDialog
{
    Q_OBJECT

public:
    /// Adds one, under a new id.
    explicit ConnectionDialog(QWidget *parent = nullptr);
    /// Changes that one.
    ConnectionDialog(const InstanceSpec &spec, QWidget *parent);

Q_SIGNALS:
    void saved(const quiesce::InstanceSpec &spec, const quiesce::Secret &token);

private:
    void setUp();
    void save();

    ConnectionForm *m_form;
};

} // namespace quiesce
