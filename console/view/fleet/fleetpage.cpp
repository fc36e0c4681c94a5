// SPDX-License-Identifier: GPL-3.0-only
// FleetPage: see the header; its menu is in fleetpagemenu.cpp.
#include "console/view/fleet/fleetpage.h"

#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/emptystate.h"
#include "console/view/fleet/fleettable.h"
#include "console/view/fleet/groupchips.h"
#include "console/view/look/look.h"

#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QStackedLayout>
#include <QVBoxLayout>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMaxSearch = 200; ///< characters

enum Seen { Table, FirstStart, NoMatch };

} // namespace

FleetPage::FleetPage(FleetModel *fleet, QWidget *parent)
    : QWidget(parent)
    , m_fleet(fleet)
    , m_filter(fleet)
    , m_search(new QLineEdit(this))
    , m_searchMark(m_search->addAction(QIcon(), QLineEdit::LeadingPosition))
    , m_chips(new GroupChips(this))
    , m_shown(new QLabel(this))
    , m_top(makeTop())
    , m_table(new FleetTable(&m_filter, this))
    , m_stack(new QStackedLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(0);
    column->addWidget(m_top);
    column->addLayout(m_stack);
    m_stack->addWidget(m_table);
    m_stack->addWidget(makeFirstStart());
    m_stack->addWidget(makeNoMatch());
    for (const int page : { FirstStart, NoMatch }) // neither keeps the list from being low
        m_stack->widget(page)->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Ignored);

    connect(m_table, &FleetTable::chosenChanged, this, &FleetPage::instanceActivated);
    connect(m_table, &FleetTable::selectionChangedTo, this, &FleetPage::selectionChanged);
    connect(m_fleet, &FleetModel::summaryChanged, this, &FleetPage::showWhatThereIs);
    for (const auto &changed :
         { &QAbstractItemModel::rowsInserted, &QAbstractItemModel::rowsRemoved })
        connect(&m_filter, changed, this, &FleetPage::showWhatThereIs);
    connect(m_fleet, &QAbstractItemModel::rowsInserted, this, &FleetPage::chooseTheOnlyOne);
    setUpKeys();
    setUpMenu();
    drawIcons();
    showWhatThereIs();
}

/// The list first: it tells the filter, a member, when it is hidden.
FleetPage::~FleetPage()
{
    delete m_table;
}

QWidget *FleetPage::makeTop()
{
    m_search->setStyle(&m_style);
    m_search->setPlaceholderText(tr("Search name, environment, address, version, state"));
    m_search->setAccessibleName(tr("Search services"));
    m_search->setToolTip(
        tr("Every word must be found (%1)")
            .arg(QKeySequence(QKeySequence::Find).toString(QKeySequence::NativeText)));
    m_search->setClearButtonEnabled(true);
    m_search->setMaxLength(kMaxSearch);
    connect(m_search, &QLineEdit::textChanged, this, [this](const QString &text) {
        m_filter.setSearch(text);
        showWhatThereIs();
    });
    connect(m_chips, &GroupChips::chosen, this, [this](FleetGroups groups) {
        m_filter.setGroups(groups);
        showWhatThereIs();
    });
    auto *top = new QWidget(this);
    auto *row = new QHBoxLayout(top);
    const int unit = fontMetrics().height() / 3;
    row->setContentsMargins(unit, unit, 2 * unit, unit);
    row->addWidget(m_search, 1);
    row->addWidget(m_chips);
    row->addWidget(m_shown);
    return top;
}

QWidget *FleetPage::makeFirstStart()
{
    auto *page = new EmptyState(u"fleet"_s, this);
    page->setTitle(tr("No services yet"));
    page->setWords(tr("Services that run on this machine appear here by themselves.\n"
                      "Add a connection for one that runs elsewhere."));
    connect(page->addButton(tr("Start a local &demo service"), u"demo"_s), &QPushButton::clicked,
            this, &FleetPage::demoWanted);
    connect(page->addButton(tr("&Add a connection…"), u"add"_s), &QPushButton::clicked, this,
            &FleetPage::addWanted);
    return page;
}

QWidget *FleetPage::makeNoMatch()
{
    m_noMatch = new EmptyState(u"search"_s, this);
    m_noMatch->setWords(tr("No service fits what is searched for and the chosen states."));
    connect(m_noMatch->addButton(tr("&Clear search and filter"), u"cancel"_s),
            &QPushButton::clicked, this, &FleetPage::clearFilter);
    return m_noMatch;
}

void FleetPage::setUpKeys()
{
    // Down leaves the search for the first row, Escape clears it.
    const auto toTable = [this] { m_table->setFocus(Qt::ShortcutFocusReason); };
    connect(new QShortcut(Qt::Key_Down, m_search, nullptr, nullptr, Qt::WidgetShortcut),
            &QShortcut::activated, this, toTable);
    connect(new QShortcut(Qt::Key_Escape, m_search, nullptr, nullptr, Qt::WidgetShortcut),
            &QShortcut::activated, this, &FleetPage::clearFilter);
    setTabOrder(m_search, m_chips);
    setTabOrder(m_chips, m_table);
}

void FleetPage::showWhatThereIs()
{
    const int total = m_fleet->rowCount();
    const int shown = m_filter.rowCount();
    const QLocale locale;
    const QString counts = tr("%1 of %2").arg(locale.toString(shown), locale.toString(total));
    m_chips->setCounts(m_fleet->summary());
    m_shown->setText(tr("%1 shown").arg(counts));
    m_noMatch->setTitle(tr("%1 match").arg(counts));
    m_top->setVisible(total > 0);
    m_stack->setCurrentIndex(total == 0 ? FirstStart : shown == 0 ? NoMatch : Table);
}

void FleetPage::chooseTheOnlyOne()
{
    if (m_fleet->rowCount() == 1 && !m_table->chosen())
        m_table->choose(m_fleet->instanceAt(0));
}

Instance *FleetPage::chosen() const
{
    return m_table->chosen();
}

void FleetPage::choose(Instance *instance)
{
    m_table->choose(instance);
}

QList<Instance *> FleetPage::selection() const
{
    return m_table->selectedInstances();
}

void FleetPage::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void FleetPage::clearFilter()
{
    m_chips->setGroups({});
    m_filter.setGroups({});
    m_search->clear();
    showWhatThereIs();
}

int FleetPage::heightForRows() const
{
    return m_top->sizeHint().height() + m_table->heightFor(m_fleet->rowCount());
}

QByteArray FleetPage::saveHeader() const
{
    return m_table->saveHeader();
}

bool FleetPage::restoreHeader(const QByteArray &state)
{
    return m_table->restoreHeader(state);
}

void FleetPage::resetHeader()
{
    m_table->resetHeader();
}

void FleetPage::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        drawIcons();
}

} // namespace quiesce
