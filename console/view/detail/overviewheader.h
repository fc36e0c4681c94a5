// SPDX-License-Identifier: GPL-3.0-only
// OverviewHeader: which instance this is, how it is, its figures, and what to know when it is
// silent.
#pragma once

#include "console/model/instance/instance.h"
#include "console/model/lists/throttle.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

class QFrame;
class QLabel;
class QPushButton;

namespace quiesce {

class Chip;

/// Figures that are old are dimmed and say since when. Seconds go on only while it can be seen.
///
/// Thread: GUI. Emits: reconnectWanted() when its button is clicked.
class OverviewHeader final : public QWidget
{
    Q_OBJECT

public:
    explicit OverviewHeader(QWidget *parent = nullptr);

    void setInstance(Instance *instance);

Q_SIGNALS:
    void reconnectWanted();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    enum Fact : unsigned char {
        Version,
        Pid,
        Host,
        Uptime,
        InFlight,
        Rate,
        Connections,
        LastSeen,
        Facts
    };

    void layOut();
    void addFacts(QWidget *parent);
    void refresh();
    void showIdentity();
    void showFacts();
    void showLink();
    [[nodiscard]] QString factText(Fact fact) const;

    QPointer<Instance> m_instance;
    Throttle m_refreshing;
    QTimer m_seconds;

    QLabel *m_name;
    Chip *m_environment;
    Chip *m_condition;
    QLabel *m_asOf;
    QWidget *m_facts;
    std::array<QLabel *, Facts> m_values{};
    QFrame *m_link;
    QLabel *m_explanation;
    QLabel *m_retry;
    QPushButton *m_reconnect;
};

} // namespace quiesce
