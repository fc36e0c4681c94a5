// SPDX-License-Identifier: GPL-3.0-only
// TimelineBar: see the header.
#include "console/view/detail/lists/timelinebar.h"

#include "console/view/detail/flowlayout.h"

#include <QComboBox>
#include <QLineEdit>
#include <QToolButton>

namespace quiesce {

namespace {

constexpr int kMaxWords = 200;
constexpr int kWordsShown = 30; ///< letters

} // namespace

TimelineBar::TimelineBar(QWidget *parent)
    : QWidget(parent)
    , m_severity(new QComboBox(this))
    , m_words(new QLineEdit(this))
{
    auto *flow = new FlowLayout(this);
    flow->setSpacing(fontMetrics().height() / 3);
    addKinds();
    addSeverities();
    m_words->setPlaceholderText(tr("Search"));
    m_words->setAccessibleName(tr("Search the timeline"));
    m_words->setClearButtonEnabled(true);
    m_words->setMaxLength(kMaxWords);
    m_words->setMinimumWidth(fontMetrics().averageCharWidth() * kWordsShown);
    flow->addWidget(m_words);
    connect(m_words, &QLineEdit::textChanged, this, &TimelineBar::criteriaChanged);
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void TimelineBar::addKinds()
{
    for (const EventKind kind : kEventKinds) {
        auto *chip = new QToolButton(this);
        chip->setText(eventKindText(kind));
        chip->setCheckable(true);
        chip->setChecked(true);
        chip->setToolTip(tr("Show or hide: %1").arg(eventKindText(kind)));
        connect(chip, &QToolButton::toggled, this, &TimelineBar::criteriaChanged);
        layout()->addWidget(chip);
        m_kinds.append(chip);
    }
}

void TimelineBar::addSeverities()
{
    m_severity->setAccessibleName(tr("Least severity"));
    m_severity->addItem(tr("All severities"));
    m_severity->addItem(tr("Warnings and errors"));
    m_severity->addItem(tr("Errors"));
    layout()->addWidget(m_severity);
    connect(m_severity, &QComboBox::currentIndexChanged, this, &TimelineBar::criteriaChanged);
}

TimelineCriteria TimelineBar::criteria() const
{
    TimelineCriteria criteria;
    for (size_t kind = 0; kind < kEventKinds.size(); ++kind)
        criteria.kinds[kind] = m_kinds[qsizetype(kind)]->isChecked();
    criteria.least = kEventSeverities[static_cast<size_t>(m_severity->currentIndex())];
    criteria.words = m_words->text().trimmed();
    return criteria;
}

void TimelineBar::focusSearch()
{
    m_words->setFocus(Qt::ShortcutFocusReason);
    m_words->selectAll();
}

} // namespace quiesce
