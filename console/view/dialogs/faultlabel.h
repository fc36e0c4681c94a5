// SPDX-License-Identifier: GPL-3.0-only
// FaultLabel: what is wrong with the field above it.
#pragma once

#include <QLabel>

namespace quiesce {

/// Hidden while nothing is wrong. In the colour of trouble, with a sign, since colour alone says
/// nothing to some.
class FaultLabel final : public QLabel
{
    Q_OBJECT

public:
    explicit FaultLabel(QWidget *parent = nullptr);

    void setFault(const QString &fault);

protected:
    void changeEvent(QEvent *event) override;

private:
    void draw();
};

} // namespace quiesce
