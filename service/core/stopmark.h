// SPDX-License-Identifier: GPL-3.0-only
// StopMark: lets the next start say that a stop was cut off, by whom nothing else would say it.
#pragma once

#include "service/core/clock.h"
#include "service/core/filedescriptor.h"

#include <QObject>
#include <QString>

namespace quiesce {

class InFlight;
class Lifecycle;

/// `<data-dir>/stopping-<instanceId>.json`, there from a stop's request until its report is
/// written.
///
/// Whoever grants a stop too little time ends it by SIGKILL, and the process can write nothing any
/// more: neither a report nor a line of log. What is left then is this file, with how far the stop
/// had come; the next start on the data directory warns of it and removes it.
///
/// The file is held with flock(2), so that of an instance that still stops, beside its successor,
/// nobody says that it was cut off. It is rewritten when the stop moves on and each kBeat.
/// Thread:  event loop. Blocks: for one small write, not for the disk: only a power failure could
///          lose it, which is another story.
/// Errors:  where it cannot be written (a full disk) the next start says nothing.
class StopMark final : public QObject
{
    Q_OBJECT

public:
    /// How exactly the next start knows when the stop was cut off.
    static constexpr std::chrono::milliseconds kBeat{ 500 };

    struct Parts
    {
        Clock &clock;
        const Lifecycle &lifecycle;
        const InFlight &inFlight;
    };

    /// An empty folder keeps nothing. All parts must outlive it.
    StopMark(const Parts &parts, QString folder, const QString &instanceId,
             QObject *parent = nullptr);
    ~StopMark() override; ///< leaves the file: a stop that did not come to its report is cut off

    /// Warns of each stop of an earlier run that was cut off, and forgets it. One whose report
    /// there is, of `reportedInstance`, was not.
    void warnOfEarlier(const QString &reportedInstance) const;
    /// The report is written, or the stop undone.
    void remove();

private:
    void begin();
    void write();

    Parts m_parts;
    QString m_folder;
    QString m_path;
    FileDescriptor m_file; ///< open while there is a mark
    qsizetype m_size = 0; ///< of the file: it never becomes shorter
    SteadyTime m_began;
    std::unique_ptr<Alarm> m_beat;
};

} // namespace quiesce
