// SPDX-License-Identifier: GPL-3.0-only
// OverviewHeader: see the header.
#include "console/view/detail/overviewheader.h"

#include "common/printable.h"
#include "console/model/instance/linktext.h"
#include "console/model/words/wording.h"
#include "console/view/detail/chip.h"
#include "console/view/detail/dimming.h"
#include "console/view/detail/flowlayout.h"
#include "console/view/look/look.h"

#include <QEvent>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

Tone toneOf(Environment environment)
{
    switch (environment) {
    case Environment::Production:
        return Tone::Bad;
    case Environment::Staging:
        return Tone::Warning;
    case Environment::Development:
    case Environment::None:
        break;
    }
    return Tone::Neutral;
}

/// Opaque: a button's frame is drawn in what is below it.
QColor over(const QColor &ground, const QColor &hint)
{
    const float share = hint.alphaF();
    const auto mix = [share](float under, float above) {
        return under * (1 - share) + above * share;
    };
    return QColor::fromRgbF(mix(ground.redF(), hint.redF()), mix(ground.greenF(), hint.greenF()),
                            mix(ground.blueF(), hint.blueF()));
}

QString timeNow(const QDateTime &at)
{
    return at.isValid() ? timeOfDayText(at, QDate::currentDate())
                        : OverviewHeader::tr("never", "last seen");
}

QString rateText(const History &history)
{
    const auto latest = history.latest();
    if (!latest || std::isnan(latest->requestRate))
        return u"–"_s;
    return OverviewHeader::tr("%1 /s", "requests a second")
        .arg(
            QLocale().toString(double(latest->requestRate), 'f', latest->requestRate < 10 ? 1 : 0));
}

} // namespace

OverviewHeader::OverviewHeader(QWidget *parent)
    : QWidget(parent)
    , m_name(new QLabel(this))
    , m_environment(new Chip(this))
    , m_condition(new Chip(this))
    , m_asOf(new QLabel(this))
    , m_facts(new QWidget(this))
    , m_link(new QFrame(this))
    , m_explanation(new QLabel(m_link))
    , m_retry(new QLabel(m_link))
    , m_reconnect(new QPushButton(tr("Reconnect &now"), m_link))
{
    m_seconds.setInterval(std::chrono::seconds(1));
    connect(&m_seconds, &QTimer::timeout, this, &OverviewHeader::refresh);
    connect(&m_refreshing, &Throttle::due, this, &OverviewHeader::refresh);
    connect(m_reconnect, &QPushButton::clicked, this, &OverviewHeader::reconnectWanted);
    layOut();
}

void OverviewHeader::layOut()
{
    m_name->setTextFormat(Qt::PlainText);
    m_name->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_explanation->setTextFormat(Qt::PlainText);
    m_explanation->setWordWrap(true);
    m_link->setFrameShape(QFrame::StyledPanel);
    m_link->setAutoFillBackground(true);
    addFacts(m_facts);

    auto *head = new QHBoxLayout;
    head->addWidget(m_name);
    head->addWidget(m_environment);
    head->addWidget(m_condition);
    head->addStretch(1);
    head->addWidget(m_asOf);
    auto *link = new QHBoxLayout(m_link);
    link->addWidget(m_explanation, 1);
    link->addWidget(m_retry);
    link->addWidget(m_reconnect);
    auto *rows = new QVBoxLayout(this);
    rows->addLayout(head);
    rows->addWidget(m_facts);
    rows->addWidget(m_link);
}

void OverviewHeader::addFacts(QWidget *parent)
{
    const std::array<QString, Facts> names{ tr("Version"),     tr("PID"),       tr("Host"),
                                            tr("Uptime"),      tr("In flight"), tr("Requests"),
                                            tr("Connections"), tr("Last seen") };
    auto *flow = new FlowLayout(parent);
    flow->setSpacing(fontMetrics().height());
    for (int fact = 0; fact < Facts; ++fact) {
        auto *pair = new QWidget(parent);
        auto *column = new QVBoxLayout(pair);
        column->setContentsMargins({});
        column->setSpacing(0);
        auto *name = new QLabel(names[fact], pair);
        name->setForegroundRole(QPalette::PlaceholderText);
        m_values[fact] = new QLabel(pair);
        m_values[fact]->setTextFormat(Qt::PlainText);
        m_values[fact]->setTextInteractionFlags(Qt::TextSelectableByMouse);
        m_values[fact]->setAccessibleName(names[fact]);
        column->addWidget(name);
        column->addWidget(m_values[fact]);
        flow->addWidget(pair);
    }
}

void OverviewHeader::setInstance(Instance *instance)
{
    if (m_instance)
        m_instance->disconnect(&m_refreshing);
    m_instance = instance;
    if (instance) {
        connect(instance, &Instance::specChanged, &m_refreshing, &Throttle::request);
        connect(instance, &Instance::conditionChanged, &m_refreshing, &Throttle::request);
        connect(instance, &Instance::statsChanged, &m_refreshing, &Throttle::request);
    }
    refresh();
}

void OverviewHeader::refresh()
{
    if (!m_instance)
        return;
    showIdentity();
    showFacts();
    showLink();
}

void OverviewHeader::showIdentity()
{
    QFont large = font();
    large.setPointSizeF(font().pointSizeF() * 1.4);
    large.setBold(true);
    m_name->setFont(large);
    m_name->setText(printable(m_instance->displayName()));
    m_name->setToolTip(m_instance->spec().adminUrl.toDisplayString(QUrl::RemoveUserInfo));
    const Environment environment = m_instance->spec().environment;
    m_environment->setVisible(environment != Environment::None);
    m_environment->setContent(environmentName(environment), toneOf(environment));
    const Condition condition = m_instance->condition();
    m_condition->setContent(conditionText(condition), quiesce::toneOf(condition),
                            conditionIcon(condition, palette()));
}

void OverviewHeader::showFacts()
{
    for (int fact = 0; fact < Facts; ++fact)
        m_values[fact]->setText(m_instance->snapshot() ? factText(static_cast<Fact>(fact))
                                                       : u"–"_s);
    m_values[LastSeen]->setText(factText(LastSeen));
    m_values[LastSeen]->setToolTip(momentTip(m_instance->link().lastSeenAt));
    m_facts->layout()->invalidate();
}

QString OverviewHeader::factText(Fact fact) const
{
    if (fact == LastSeen)
        return m_instance->link().state == LinkState::Live ? tr("now", "last seen")
                                                           : timeNow(m_instance->link().lastSeenAt);
    const Snapshot &snapshot = *m_instance->snapshot();
    switch (fact) {
    case Version:
        return printable(snapshot.version);
    case Pid:
        return QString::number(snapshot.pid);
    case Host:
        return printable(snapshot.host);
    case Uptime:
        return lengthText(std::chrono::floor<std::chrono::seconds>(snapshot.stats.uptime));
    case InFlight:
        return QLocale().toString(snapshot.stats.inFlight);
    case Rate:
        return rateText(m_instance->history());
    case Connections:
        return tr("%1 open, %2 active")
            .arg(snapshot.stats.connectionsOpen)
            .arg(snapshot.stats.connectionsActive);
    default:
        return {};
    }
}

void OverviewHeader::showLink()
{
    const LinkStatus &link = m_instance->link();
    const bool isDated = isOld(link) && m_instance->snapshot().has_value();
    m_asOf->setVisible(isDated);
    m_asOf->setText(tr("as of %1").arg(timeNow(link.lastSeenAt)));
    m_asOf->setToolTip(momentTip(link.lastSeenAt));
    isDated ? dim(m_facts) : undim(m_facts);

    const QString explanation = linkExplanation(link);
    m_link->setVisible(!explanation.isEmpty());
    m_explanation->setText(explanation);
    const QString retry = retryText(link, QDateTime::currentDateTimeUtc());
    m_retry->setVisible(!retry.isEmpty());
    m_retry->setText(retry);
    m_reconnect->setVisible(canReconnect(link));
    QPalette colors;
    colors.setColor(QPalette::Window,
                    over(palette().color(QPalette::Window),
                         toneBackground(quiesce::toneOf(m_instance->condition()), palette())));
    m_link->setPalette(colors);
}

void OverviewHeader::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    m_seconds.start();
    refresh();
}

void OverviewHeader::hideEvent(QHideEvent *event)
{
    m_seconds.stop();
    QWidget::hideEvent(event);
}

void OverviewHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
        m_refreshing.request();
}

} // namespace quiesce
