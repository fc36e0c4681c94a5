// SPDX-License-Identifier: GPL-3.0-only
// AboutDialog: which version this is, under which licence, and what it never does.
#pragma once

#include <QDialog>

namespace quiesce {

/// To be shown by open(); goes when it is closed.
class AboutDialog final : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent = nullptr);
};

} // namespace quiesce
