// SPDX-License-Identifier: GPL-3.0-only
// ProductionBanner: says in red, in words and with a sign that this is production.
#pragma once

#include <QWidget>

class QLabel;

namespace quiesce {

/// Hidden until it has a name to show. Follows the palette and the font.
class ProductionBanner final : public QWidget
{
    Q_OBJECT

public:
    explicit ProductionBanner(QWidget *parent = nullptr);

    /// Of the instance; empty hides the banner.
    void setName(const QString &name);

protected:
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void draw();

    QLabel *m_mark;
    QLabel *m_text;
};

} // namespace quiesce
