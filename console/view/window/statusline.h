// SPDX-License-Identifier: GPL-3.0-only
// StatusLine: the window's status bar, how the fleet is and what time it is.
#pragma once

#include <QStatusBar>
#include <QTimer>

class QLabel;

namespace quiesce {

/// Thread: event loop. The clock ticks only while it is seen.
class StatusLine final : public QStatusBar
{
    Q_OBJECT

public:
    explicit StatusLine(QWidget *parent = nullptr);

    void setSummary(const QString &text);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;

private:
    static constexpr std::chrono::milliseconds kTick{ 1'000 };

    void showTime();

    QLabel *m_summary;
    QLabel *m_time;
    QTimer m_clock;
};

} // namespace quiesce
