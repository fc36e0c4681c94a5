// SPDX-License-Identifier: GPL-3.0-only
// LifecycleStepper: see the header.
#include "console/view/detail/stop/lifecyclestepper.h"

#include "console/model/words/wording.h"
#include "console/view/detail/stop/stepmark.h"
#include "console/view/look/look.h"

#include <QAccessible>
#include <QEvent>
#include <QPainter>

namespace quiesce {

using Mark = LifecycleStep::Mark;

namespace {

/// Below its name: what is special about it, and how long it took.
QString remarkOf(const LifecycleStep &step)
{
    if (!step.took)
        return step.note;
    const QString length = lengthText(*step.took);
    return step.note.isEmpty()
        ? length
        : LifecycleStepper::tr("%1, %2", "note, length").arg(step.note, length);
}

} // namespace

LifecycleStepper::LifecycleStepper(QWidget *parent)
    : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAccessibleName(tr("Lifecycle"));
    measure();
}

void LifecycleStepper::setSteps(const QList<LifecycleStep> &steps)
{
    if (m_steps == steps)
        return;
    const QSize before = m_cell;
    m_steps = steps;
    measure();
    setAccessibleDescription(spokenText(steps));
    setToolTip(spokenText(steps));
    QAccessibleEvent changed(this, QAccessible::DescriptionChanged);
    QAccessible::updateAccessibility(&changed);
    if (m_cell != before)
        updateGeometry();
    update();
}

QFont LifecycleStepper::nameFont() const
{
    QFont font = this->font();
    font.setBold(true);
    return font;
}

void LifecycleStepper::measure()
{
    const int em = fontMetrics().height();
    const QFontMetrics bold(nameFont());
    int text = 0;
    for (const LifecycleStep &step : m_steps)
        text = std::max({ text, bold.horizontalAdvance(step.name),
                          fontMetrics().horizontalAdvance(remarkOf(step)) });
    m_cell = { text + em, em / 2 + em * 3 / 2 + bold.height() + em + em / 2 };
}

/// Lines of one length look like a table.
int LifecycleStepper::stepsALine(int width) const
{
    const int fitting = width / std::max(m_cell.width(), 1);
    for (const int count : { 6, 3, 2 }) {
        if (fitting >= count)
            return count;
    }
    return 1;
}

QSize LifecycleStepper::sizeHint() const
{
    return { m_cell.width() * int(m_steps.size()), m_cell.height() };
}

QSize LifecycleStepper::minimumSizeHint() const
{
    return m_cell;
}

int LifecycleStepper::heightForWidth(int width) const
{
    const int line = stepsALine(width);
    return m_cell.height() * ((int(m_steps.size()) + line - 1) / line);
}

QRect LifecycleStepper::cellOf(int step) const
{
    const int line = stepsALine(width());
    const int column = isRightToLeft() ? line - 1 - step % line : step % line;
    const int left = width() * column / line;
    const int right = width() * (column + 1) / line;
    return { left, m_cell.height() * (step / line), right - left, m_cell.height() };
}

QRectF LifecycleStepper::markOf(int step) const
{
    const qreal em = fontMetrics().height();
    const QRect cell = cellOf(step);
    return { cell.center().x() + 0.5 - em * 0.7, cell.top() + em * 0.5, em * 1.4, em * 1.4 };
}

void LifecycleStepper::paintEvent(QPaintEvent * /*event*/)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    for (int step = 0; step < int(m_steps.size()); ++step)
        paintStep(painter, step);
}

void LifecycleStepper::paintStep(QPainter &painter, int step) const
{
    if (step + 1 < int(m_steps.size()) && cellOf(step).top() == cellOf(step + 1).top())
        paintWay(painter, step);
    paintStepMark(painter, markOf(step), m_steps[step].mark, palette());
    paintTexts(painter, step);
}

/// What has been gone is a full line.
void LifecycleStepper::paintWay(QPainter &painter, int from) const
{
    const bool isGone = m_steps[from + 1].mark != Mark::Ahead;
    const qreal em = fontMetrics().height();
    const Tone tone = isGone ? Tone::Good : Tone::Neutral;
    QPen pen(toneColor(tone, palette()), em / 10);
    if (!isGone)
        pen.setStyle(Qt::DotLine);
    painter.setPen(pen);
    const QPointF here = markOf(from).center();
    const QPointF there = markOf(from + 1).center();
    const QPointF room(there.x() > here.x() ? em : -em, 0);
    painter.drawLine(here + room, there - room);
}

void LifecycleStepper::paintTexts(QPainter &painter, int step) const
{
    const LifecycleStep &shown = m_steps[step];
    const bool isQuiet = shown.mark == Mark::Ahead || shown.mark == Mark::Skipped;
    const QRect cell = cellOf(step);
    QRect line(cell.left(), int(markOf(step).bottom()) + fontMetrics().height() / 5, cell.width(),
               QFontMetrics(nameFont()).height());
    painter.setFont(nameFont());
    painter.setPen(palette().color(isQuiet ? QPalette::PlaceholderText : QPalette::WindowText));
    painter.drawText(line, int(Qt::AlignHCenter | Qt::AlignVCenter), shown.name);

    line.translate(0, line.height());
    painter.setFont(font());
    const bool isNotable =
        shown.mark == Mark::Paused || shown.mark == Mark::Warned || shown.mark == Mark::Failed;
    if (isNotable)
        painter.setPen(toneTextColor(toneOf(shown.mark), palette()));
    painter.drawText(line, int(Qt::AlignHCenter | Qt::AlignVCenter), remarkOf(shown));
}

void LifecycleStepper::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange) {
        measure();
        updateGeometry();
    }
    QWidget::changeEvent(event);
}

} // namespace quiesce
