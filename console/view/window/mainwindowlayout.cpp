// SPDX-License-Identifier: GPL-3.0-only
// MainWindow: how its parts lie, over runs and as a wallboard.
#include "console/model/fleet/fleetmodel.h"
#include "console/view/fleet/fleetpage.h"
#include "console/view/window/mainmenu.h"
#include "console/view/window/mainwindow.h"

#include <QDataStream>
#include <QIODevice>
#include <QMenuBar>
#include <QSplitter>
#include <QStatusBar>
#include <QToolBar>
#include <algorithm>

namespace quiesce {

namespace {

/// Changes when what is written does: an older layout is not read then.
constexpr quint32 kLayoutVersion = 0x514c0002;
constexpr int kListShare = 2; ///< of kShares, that the list has of the window, at most
constexpr int kShares = 5;
constexpr qsizetype kMaxLayoutBytes = 64 * 1'024;

} // namespace

QByteArray MainWindow::saveLayout() const
{
    QByteArray layout;
    QDataStream stream(&layout, QIODevice::WriteOnly);
    stream << kLayoutVersion << saveGeometry() << saveState(kLayoutVersion & 0xffff)
           << m_menu->detailBeside->isChecked() << m_isShareChosen << m_splitter->saveState()
           << m_fleetPage->saveHeader();
    return layout;
}

bool MainWindow::restoreLayout(const QByteArray &layout)
{
    if (layout.size() > kMaxLayoutBytes)
        return false;
    quint32 version = 0;
    QByteArray geometry;
    QByteArray state;
    bool isBeside = false;
    bool isShareChosen = false;
    QByteArray splitter;
    QByteArray header;
    QDataStream stream(layout);
    stream >> version;
    if (stream.status() != QDataStream::Ok || version != kLayoutVersion)
        return false;
    stream >> geometry >> state >> isBeside >> isShareChosen >> splitter >> header;
    if (stream.status() != QDataStream::Ok)
        return false;
    restoreGeometry(geometry);
    restoreState(state, kLayoutVersion & 0xffff);
    m_menu->detailBeside->setChecked(isBeside);
    m_splitter->restoreState(splitter);
    m_isShareChosen = isShareChosen;
    m_fleetPage->restoreHeader(header);
    return true;
}

void MainWindow::resetLayout()
{
    constexpr int kColumns = 180; // characters
    constexpr int kLines = 50;
    m_menu->wallboard->setChecked(false);
    m_menu->detailBeside->setChecked(false);
    m_fleetPage->resetHeader();
    resize(fontMetrics().averageCharWidth() * kColumns, fontMetrics().height() * kLines);
    setBeside(false);
    Q_EMIT layoutReset();
}

void MainWindow::setBeside(bool isBeside)
{
    m_isShareChosen = false;
    m_splitter->setOrientation(isBeside ? Qt::Horizontal : Qt::Vertical);
    if (isBeside)
        m_splitter->setSizes({ width() * kListShare, width() * (kShares - kListShare) });
    shareHeight();
}

/// The list has what its rows need, so that a few of them leave the room to what is below; but no
/// more than its share, and what an operator chose if anything.
void MainWindow::shareHeight()
{
    if (m_isShareChosen || m_detail->isHidden() || m_splitter->orientation() == Qt::Horizontal)
        return;
    const int whole = m_splitter->height() - m_splitter->handleWidth();
    const int list = std::min(m_fleetPage->heightForRows(), whole * kListShare / kShares);
    m_splitter->setSizes({ list, whole - list });
}

void MainWindow::showDetail()
{
    // Beside an empty list there is nothing to choose.
    m_detail->setVisible(!m_menu->wallboard->isChecked() && m_fleet->rowCount() > 0);
    shareHeight();
}

void MainWindow::setWallboard(bool isWallboard)
{
    m_menu->wallboard->setChecked(isWallboard);
    menuBar()->setVisible(!isWallboard);
    m_toolBar->setVisible(!isWallboard);
    showDetail();
    setWindowState(windowState().setFlag(Qt::WindowFullScreen, isWallboard));
}

} // namespace quiesce
