// SPDX-License-Identifier: GPL-3.0-only
// An operator's eyes: see the header.
#include "tests/console/endtoend/eyes.h"

#include "tests/console/endtoend/hands.h"
#include "tests/kit/loopbackclient.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QTest>

namespace quiesce::test {

using namespace Qt::StringLiterals;

namespace {

QString textOf(const QWidget &widget)
{
    if (const auto *label = qobject_cast<const QLabel *>(&widget))
        return label->buddy() ? withoutMark(label->text()) : label->text();
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget))
        return withoutMark(button->text());
    if (const auto *edit = qobject_cast<const QLineEdit *>(&widget))
        return edit->text();
    if (const auto *view = qobject_cast<const QAbstractItemView *>(&widget))
        return rowsIn(view);
    return widget.accessibleName() + u' ' + widget.accessibleDescription();
}

bool isSoonSo(const QWidget *part, const QString &text, bool isThere)
{
    const QPointer<const QWidget> shown(part);
    const bool isSo = isSoon([&] { return textIn(shown).contains(text) == isThere; });
    if (!isSo) {
        qWarning().noquote() << (isThere ? "not shown:" : "still shown:") << text << "\nbut:\n"
                             << textIn(shown);
    }
    return isSo;
}

} // namespace

QString textIn(const QWidget *part)
{
    if (!part || !part->isVisible())
        return {};
    QStringList texts{ textOf(*part) };
    for (const QWidget *widget : part->findChildren<QWidget *>()) {
        if (widget->isVisible())
            texts.append(textOf(*widget));
    }
    texts.removeAll(u" "_s);
    texts.removeAll(QString());
    return texts.join(u'\n');
}

QString rowsIn(const QAbstractItemView *view)
{
    QStringList rows;
    const QAbstractItemModel *model = view ? view->model() : nullptr;
    for (int row = 0; model && row < model->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model->columnCount(); ++column)
            cells.append(model->index(row, column).data().toString());
        rows.append(cells.join(" | "_L1));
    }
    return rows.join(u'\n');
}

bool isSoonIn(const QWidget *part, const QString &text)
{
    return isSoonSo(part, text, true);
}

bool isSoonGoneFrom(const QWidget *part, const QString &text)
{
    return isSoonSo(part, text, false);
}

bool isSoon(const std::function<bool()> &holds)
{
    return QTest::qWaitFor(holds, int(kLongestWait.count()));
}

} // namespace quiesce::test
