// SPDX-License-Identifier: GPL-3.0-only
// StopBanner: see the header.
#include "console/view/detail/stop/stopbanner.h"

#include "console/model/instance/causetext.h"
#include "console/model/instance/linktext.h"
#include "console/model/instance/stopforecast.h"
#include "console/model/words/wording.h"
#include "console/view/detail/stop/deadlinebar.h"
#include "console/view/detail/stop/stepmark.h"
#include "console/view/look/look.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

QLabel *wrappingLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

LifecycleStep::Mark signOf(Tone tone)
{
    switch (tone) {
    case Tone::Good:
        return LifecycleStep::Mark::Done;
    case Tone::Warning:
        return LifecycleStep::Mark::Warned;
    case Tone::Bad:
        return LifecycleStep::Mark::Failed;
    case Tone::Neutral:
    case Tone::Busy:
        break;
    }
    return LifecycleStep::Mark::Ahead;
}

QPixmap signPixmap(Tone tone, const QWidget &widget)
{
    const int size = widget.fontMetrics().height();
    QPixmap pixmap(QSize(size, size) * widget.devicePixelRatio());
    pixmap.setDevicePixelRatio(widget.devicePixelRatio());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    paintStepMark(painter, QRectF(0, 0, size, size), signOf(tone), widget.palette());
    return pixmap;
}

QString skewText(milliseconds skew)
{
    return skew > milliseconds(0)
        ? StopBanner::tr(
              "The service's clock is %1 ahead of this computer's: its times of day differ "
              "from yours, what remains does not.")
              .arg(lengthText(skew))
        : StopBanner::tr(
              "The service's clock is %1 behind this computer's: its times of day differ "
              "from yours, what remains does not.")
              .arg(lengthText(-skew));
}

} // namespace

StopBanner::StopBanner(QWidget *parent)
    : QFrame(parent)
    , m_title(new QLabel(this))
    , m_left(new QLabel(this))
    , m_bar(new DeadlineBar(this))
    , m_verdictIcon(new QLabel(this))
    , m_verdict(wrappingLabel(this))
    , m_progress(new QLabel(this))
    , m_who(wrappingLabel(this))
    , m_skewHint(wrappingLabel(this))
{
    setFrameShape(StyledPanel);
    m_time.start();
    m_ticking.setInterval(kTick);
    connect(&m_ticking, &QTimer::timeout, this, &StopBanner::refresh);
    layOut();
}

void StopBanner::layOut()
{
    followFont();
    m_left->setAccessibleName(tr("Time left until the deadline"));

    auto *head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(m_left);
    auto *verdict = new QHBoxLayout;
    verdict->addWidget(m_verdictIcon, 0, Qt::AlignTop);
    verdict->addWidget(m_verdict, 1);
    verdict->addWidget(m_progress, 0, Qt::AlignTop);
    auto *rows = new QVBoxLayout(this);
    rows->addLayout(head);
    rows->addWidget(m_bar);
    rows->addLayout(verdict);
    rows->addWidget(m_who);
    rows->addWidget(m_skewHint);
}

void StopBanner::followFont()
{
    QFont bold = font();
    bold.setBold(true);
    m_title->setFont(bold);
    bold.setPointSizeF(font().pointSizeF() * 1.4);
    m_left->setFont(bold);
}

void StopBanner::setInstance(Instance *instance)
{
    if (m_instance)
        m_instance->disconnect(this);
    m_instance = instance;
    m_clock = {};
    m_skew = milliseconds(0);
    if (instance) {
        connect(instance, &Instance::stopChanged, this, &StopBanner::observe);
        connect(instance, &Instance::statsChanged, this, &StopBanner::observe);
        connect(instance, &Instance::conditionChanged, this, &StopBanner::refresh);
        connect(instance, &Instance::reported, this, &StopBanner::refresh);
        m_clock.observe(instance->stop(), m_time.elapsed());
    }
    refresh();
}

/// Something has just come from the service: that is the moment to set the clocks by.
void StopBanner::observe()
{
    m_clock.observe(m_instance->stop(), m_time.elapsed());
    if (m_instance->snapshot() && m_instance->link().state == LinkState::Live)
        m_skew = clockSkew(*m_instance->snapshot(), QDateTime::currentDateTimeUtc());
    refresh();
}

void StopBanner::refresh()
{
    const bool isStopping = m_instance && m_instance->stop() && m_clock.isRunning()
        && m_instance->link().state != LinkState::Stopped
        && m_instance->link().state != LinkState::Crashed;
    for (QWidget *widget : { static_cast<QWidget *>(m_left), static_cast<QWidget *>(m_bar),
                             static_cast<QWidget *>(m_progress) })
        widget->setVisible(isStopping);
    if (isStopping)
        showCountdown();
    else
        showNoStop();
    showSkew();
    if (isStopping && isVisible() && !m_ticking.isActive())
        m_ticking.start();
    else if (!isStopping)
        m_ticking.stop();
}

void StopBanner::showCountdown()
{
    const qint64 now = m_time.elapsed();
    const Stats &stats = m_instance->snapshot()->stats;
    const StopForecast forecast = stopForecast(m_clock, stats, now);
    // What was last foreseen is no promise once the service is silent.
    const Tone tone = isOld(m_instance->link()) ? Tone::Neutral : forecast.tone();
    LinkStatus live;
    live.state = LinkState::Live;
    m_title->setText(tr("%1: waiting for %n request(s)", "condition", int(stats.inFlight))
                         .arg(conditionText(conditionOf(live, stats.state, true))));
    m_left->setText(tr("%1 left").arg(countdownText(m_clock.remaining(now))));
    m_bar->setTimes({ .elapsed = m_clock.elapsed(now),
                      .needed = forecast.takes,
                      .total = m_clock.total(),
                      .tone = tone == Tone::Good ? Tone::Busy : tone });
    setVerdict(forecastText(forecast), tone);
    m_progress->setText(progressText());
    m_who->setText(tr("Asked for by %1").arg(causeText(m_instance->stop()->cause)));
    m_who->show();
}

QString StopBanner::progressText() const
{
    const QString gone = countdownText(m_clock.elapsed(m_time.elapsed()));
    const QString total = lengthText(m_clock.total());
    const milliseconds extended = m_instance->stop()->extended;
    return extended > milliseconds(0)
        ? tr("%1 of %2 gone, extended by %3").arg(gone, total, lengthText(extended))
        : tr("%1 of %2 gone").arg(gone, total);
}

void StopBanner::showNoStop()
{
    const auto *snapshot =
        m_instance && m_instance->snapshot() ? &*m_instance->snapshot() : nullptr;
    const Condition condition = m_instance ? m_instance->condition() : Condition::Connecting;
    const bool isQuiesced = condition == Condition::Quiesced;
    m_title->setText(m_instance ? conditionText(condition) : QString());
    m_who->hide();
    if (m_instance && m_instance->link().state == LinkState::Stopped && m_instance->lastReport()) {
        m_title->setText(tr("How the stop went"));
        setVerdict(outcomeText(*m_instance->lastReport()), toneOf(condition));
        m_who->setText(tr("Asked for by %1").arg(causeText(m_instance->lastReport()->cause)));
        m_who->show();
    } else if (condition == Condition::Crashed) {
        setVerdict(tr("It has gone without a report: what was in flight is lost."), Tone::Bad);
    } else if (snapshot && (condition == Condition::Serving || isQuiesced)) {
        setVerdict(stopNowText(snapshot->stats), Tone::Neutral);
        if (isQuiesced && snapshot->stateCause) {
            m_who->setText(tr("Out of rotation, nothing is stopped. Asked for by %1")
                               .arg(causeText(*snapshot->stateCause)));
            m_who->show();
        }
    } else {
        setVerdict(tr("No stop is under way."), Tone::Neutral);
    }
}

void StopBanner::showSkew()
{
    const bool isNotable = std::chrono::abs(m_skew) > kNotableSkew;
    m_skewHint->setVisible(isNotable);
    if (isNotable)
        m_skewHint->setText(skewText(m_skew));
}

void StopBanner::setVerdict(const QString &text, Tone tone)
{
    const bool hasSign = tone != Tone::Neutral;
    m_verdictIcon->setVisible(hasSign);
    if (hasSign)
        m_verdictIcon->setPixmap(signPixmap(tone, *this));
    QPalette colors;
    if (hasSign)
        colors.setColor(QPalette::WindowText, toneTextColor(tone, palette()));
    m_verdict->setPalette(colors);
    m_verdict->setText(text);
}

void StopBanner::showEvent(QShowEvent *event)
{
    QFrame::showEvent(event);
    refresh();
}

void StopBanner::hideEvent(QHideEvent *event)
{
    m_ticking.stop();
    QFrame::hideEvent(event);
}

void StopBanner::changeEvent(QEvent *event)
{
    QFrame::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        followFont();
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace quiesce
