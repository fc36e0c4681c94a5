// SPDX-License-Identifier: GPL-3.0-only
// FlowLayout: items in a line as words are, going on in the next line where the width ends.
#pragma once

#include <QLayout>
#include <QList>

namespace quiesce {

/// Thread: GUI. Owns: its items. Items are as wide as they want to be and as high as their line.
class FlowLayout final : public QLayout
{
public:
    explicit FlowLayout(QWidget *parent = nullptr);
    ~FlowLayout() override;

    void addItem(QLayoutItem *item) override;
    [[nodiscard]] int count() const override { return int(m_items.size()); }
    [[nodiscard]] QLayoutItem *itemAt(int index) const override { return m_items.value(index); }
    QLayoutItem *takeAt(int index) override;

    [[nodiscard]] Qt::Orientations expandingDirections() const override { return {}; }
    [[nodiscard]] bool hasHeightForWidth() const override { return true; }
    [[nodiscard]] int heightForWidth(int width) const override;
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSize() const override;
    void setGeometry(const QRect &rect) override;

private:
    enum class Pass : unsigned char { Measure, Place };
    int lay(const QRect &rect, Pass pass) const;

    QList<QLayoutItem *> m_items;
};

} // namespace quiesce
