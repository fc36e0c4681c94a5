// SPDX-License-Identifier: GPL-3.0-only
// TimelineBar: what of a timeline is to be shown, as chips, a severity and words.
#pragma once

#include "console/model/lists/timelinefilter.h"

#include <QList>
#include <QWidget>

class QComboBox;
class QLineEdit;
class QToolButton;

namespace quiesce {

/// Thread: GUI. Emits: criteriaChanged() at each change by the operator.
class TimelineBar final : public QWidget
{
    Q_OBJECT

public:
    explicit TimelineBar(QWidget *parent = nullptr);

    [[nodiscard]] TimelineCriteria criteria() const;
    void focusSearch();

Q_SIGNALS:
    void criteriaChanged();

private:
    void addKinds();
    void addSeverities();

    QList<QToolButton *> m_kinds;
    QComboBox *m_severity;
    QLineEdit *m_words;
};

} // namespace quiesce
