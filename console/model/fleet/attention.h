// SPDX-License-Identifier: GPL-3.0-only
// Attention: decides what of the fleet deserves a desktop notification, and how the tray looks.
#pragma once

#include "console/model/instance/condition.h"

#include <QObject>
#include <QString>
#include <QTimer>
#include <chrono>
#include <deque>
#include <map>
#include <memory>

namespace quiesce {

class Fleet;
class Instance;

/// Notices a stop that begins (and who asked), one that passes its deadline, how it ended, an
/// instance that is lost for longer than a blink, and one that is back after it was lost; likewise
/// what keeps its jobs or tells of them.
///
/// Thread:  event loop. Owns: what it has noticed of each instance.
/// Emits:   notice() once for each thing: one stop, one loss, one fault.
/// Limits:  kMaxNotices in kWindow; then one more says that there are others, and those are
/// dropped.
class Attention final : public QObject
{
    Q_OBJECT

public:
    static constexpr int kMaxNotices = 6;
    static constexpr std::chrono::milliseconds kWindow = std::chrono::seconds(30);
    static constexpr std::chrono::milliseconds kDebounce = std::chrono::seconds(5);

    explicit Attention(Fleet &fleet, QObject *parent = nullptr);
    Attention(Fleet &fleet, std::chrono::milliseconds debounce, QObject *parent);
    ~Attention() override;

    /// Of all instances; Neutral of none.
    [[nodiscard]] Tone worstTone() const { return m_worstTone; }

Q_SIGNALS:
    /// `instanceId` is the id of the Instance's spec; empty when it is about several.
    void notice(const QString &title, const QString &text, quiesce::Tone tone,
                const QString &instanceId);
    void worstToneChanged(quiesce::Tone tone);

private:
    struct Watched;

    void watch(Instance *instance);
    void forget(Instance *instance);
    void lookAtStop(const Instance &instance, Watched &watched);
    void lookAtDeadline(const Instance &instance, Watched &watched);
    void lookAtReport(const Instance &instance, Watched &watched);
    void lookAtLink(const Instance &instance, Watched &watched);
    void lookAtLoss(const Instance &instance, Watched &watched);
    void lookAtEngine(const Instance &instance, Watched &watched);
    void lookAtFault(const Instance &instance, Watched &watched);
    void updateWorstTone();
    void say(const Instance &instance, const QString &title, const QString &text, Tone tone);

    std::chrono::milliseconds m_debounce;
    std::map<const Instance *, std::unique_ptr<Watched>> m_watched;
    std::deque<qint64> m_saidAt; ///< ms of the monotonic clock
    Tone m_worstTone = Tone::Neutral;
};

} // namespace quiesce
