// SPDX-License-Identifier: GPL-3.0-only
// EngineBar: see the header.
#include "console/view/detail/lists/enginebar.h"

#include "console/model/instance/enginetext.h"
#include "console/view/detail/chip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QVBoxLayout>

namespace quiesce {

EngineBar::EngineBar(QWidget *parent)
    : QWidget(parent)
    , m_store(new Chip(this))
    , m_broker(new Chip(this))
    , m_figures(new QLabel(this))
    , m_faults(new QLabel(this))
{
    m_figures->setTextFormat(Qt::PlainText);
    m_figures->setAccessibleName(tr("What the broker tells"));
    m_faults->setTextFormat(Qt::PlainText);
    m_faults->setWordWrap(true);
    m_faults->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_faults->setAccessibleName(tr("What is wrong with the store or the broker"));
    auto *head = new QHBoxLayout;
    head->addWidget(m_store);
    head->addWidget(m_broker);
    head->addWidget(m_figures, 1);
    auto *rows = new QVBoxLayout(this);
    rows->setContentsMargins({});
    rows->addLayout(head);
    rows->addWidget(m_faults);
    hide();
}

Tone EngineBar::toneOf(const QString &fault) const
{
    if (m_isOld)
        return Tone::Neutral;
    return fault.isEmpty() ? Tone::Good : Tone::Bad;
}

void EngineBar::setEngine(const std::optional<JobEngine> &engine, bool isOld)
{
    setVisible(engine.has_value());
    if (!engine || (engine == m_engine && isOld == m_isOld))
        return;
    m_engine = engine;
    m_isOld = isOld;
    m_store->setContent(storeChipText(*engine), toneOf(engine->storeFault));
    showBroker(engine->broker);
    const QStringList faults = engineFaults(*engine);
    m_faults->setVisible(!faults.isEmpty());
    m_faults->setText(faults.join(u'\n'));
}

void EngineBar::showBroker(const std::optional<JobEngine::Broker> &broker)
{
    m_broker->setVisible(broker.has_value());
    m_figures->setText(broker ? brokerFigures(*broker) : QString());
    if (broker)
        m_broker->setContent(brokerChipText(*broker), toneOf(broker->fault));
}

} // namespace quiesce
