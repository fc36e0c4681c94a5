// SPDX-License-Identifier: GPL-3.0-only
// ToneBanner: a line of text with an icon on a hint of its tone, across a window or a dialog.
#pragma once

#include "console/model/instance/condition.h"

#include <QFrame>

class QHBoxLayout;
class QLabel;

namespace quiesce {

/// Follows the palette. The text is plain, whatever is in it.
class ToneBanner final : public QFrame
{
    Q_OBJECT

public:
    enum class Lines : unsigned char {
        Wrapped, ///< as many as it takes
        Elided, ///< one; all of it is in the tool tip
    };

    explicit ToneBanner(Lines lines, QWidget *parent = nullptr);

    void setMessage(Tone tone, const QString &text);
    /// An icon instead of the tone's own.
    void setMark(const QString &iconName);
    [[nodiscard]] QString text() const { return m_text; }
    [[nodiscard]] Tone tone() const { return m_tone; }
    /// At its end, after the text.
    void addWidget(QWidget *widget);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showMark();
    void showText();

    Lines m_lines;
    Tone m_tone = Tone::Neutral;
    QString m_text;
    QString m_iconName;
    QHBoxLayout *m_layout;
    QLabel *m_mark;
    QLabel *m_label;
};

} // namespace quiesce
