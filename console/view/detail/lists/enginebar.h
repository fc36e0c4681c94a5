// SPDX-License-Identifier: GPL-3.0-only
// EngineBar: what keeps an instance's jobs and who tells of them, and how both are.
#pragma once

#include "common/jobs/jobengine.h"
#include "console/model/instance/condition.h"

#include <QWidget>
#include <optional>

class QLabel;

namespace quiesce {

class Chip;

/// Hidden for an instance that does not tell. Thread: GUI.
class EngineBar final : public QWidget
{
    Q_OBJECT

public:
    explicit EngineBar(QWidget *parent = nullptr);

    /// Old: as it was when the instance was last heard of, which says nothing of how it is.
    void setEngine(const std::optional<JobEngine> &engine, bool isOld = false);

private:
    void showBroker(const std::optional<JobEngine::Broker> &broker);

    [[nodiscard]] Tone toneOf(const QString &fault) const;

    std::optional<JobEngine> m_engine;
    bool m_isOld = false;
    Chip *m_store;
    Chip *m_broker;
    QLabel *m_figures;
    QLabel *m_faults;
};

} // namespace quiesce
