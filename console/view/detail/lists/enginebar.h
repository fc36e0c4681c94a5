// SPDX-License-Identifier: GPL-3.0-only
// EngineBar: what keeps an instance's jobs and who tells of them, and how both are.
#pragma once

#include "common/jobs/jobengine.h"

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

    void setEngine(const std::optional<JobEngine> &engine);

private:
    void showBroker(const std::optional<JobEngine::Broker> &broker);

    std::optional<JobEngine> m_engine;
    Chip *m_store;
    Chip *m_broker;
    QLabel *m_figures;
    QLabel *m_faults;
};

} // namespace quiesce
