// SPDX-License-Identifier: GPL-3.0-only
// StopBanner: who stops an instance and why, how long it may take, and whether it will make it.
#pragma once

#include "console/model/instance/instance.h"
#include "console/model/instance/stopclock.h"

#include <QElapsedTimer>
#include <QFrame>
#include <QPointer>
#include <QTimer>

class QLabel;

namespace quiesce {

class DeadlineBar;

/// While no stop is under way: what one would take, or what became of the last.
///
/// Thread: GUI. Ticks ten times a second while a stop is under way and it can be seen.
class StopBanner final : public QFrame
{
    Q_OBJECT

public:
    explicit StopBanner(QWidget *parent = nullptr);

    void setInstance(Instance *instance);

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    static constexpr std::chrono::milliseconds kTick{ 100 };

    void layOut();
    void followFont();
    void observe();
    void refresh();
    void showCountdown();
    void showNoStop();
    void showSkew();
    void setVerdict(const QString &text, Tone tone);
    [[nodiscard]] QString progressText() const;

    QPointer<Instance> m_instance;
    StopClock m_clock;
    QElapsedTimer m_time;
    QTimer m_ticking;
    std::chrono::milliseconds m_skew{ 0 };

    QLabel *m_title;
    QLabel *m_left;
    DeadlineBar *m_bar;
    QLabel *m_verdictIcon;
    QLabel *m_verdict;
    QLabel *m_progress;
    QLabel *m_who;
    QLabel *m_skewHint;
};

} // namespace quiesce
