// SPDX-License-Identifier: GPL-3.0-only
// Chip: one word in a rounded field of its tone, with an icon.
#pragma once

#include "console/model/instance/condition.h"

#include <QIcon>
#include <QWidget>

namespace quiesce {

/// Thread: GUI. Its text is its accessible name too.
class Chip final : public QWidget
{
    Q_OBJECT

public:
    explicit Chip(QWidget *parent = nullptr);

    /// `icon`: may be null.
    void setContent(const QString &text, Tone tone, const QIcon &icon = {});

    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] Tone tone() const { return m_tone; }
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    [[nodiscard]] int iconSize() const;

    QString m_text;
    Tone m_tone = Tone::Neutral;
    QIcon m_icon;
};

} // namespace quiesce
