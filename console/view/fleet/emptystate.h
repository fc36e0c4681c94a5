// SPDX-License-Identifier: GPL-3.0-only
// EmptyState: what a page says when it has nothing to show, and what to do about it.
#pragma once

#include <QWidget>

class QLabel;
class QPushButton;
class QHBoxLayout;

namespace quiesce {

/// An icon, a title, a few words, and buttons below; where it is low only the title and the
/// buttons. Follows the palette and the font.
class EmptyState final : public QWidget
{
    Q_OBJECT

public:
    explicit EmptyState(const QString &iconName, QWidget *parent = nullptr);

    void setTitle(const QString &title);
    void setWords(const QString &words);
    /// The first one is the default; what it does is the caller's to connect.
    QPushButton *addButton(const QString &text, const QString &iconName);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void draw();
    void fit();

    QString m_iconName;
    QLabel *m_mark;
    QLabel *m_title;
    QLabel *m_words;
    QHBoxLayout *m_buttons;
    QList<std::pair<QPushButton *, QString>> m_buttonIcons;
};

} // namespace quiesce
