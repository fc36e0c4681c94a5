// SPDX-License-Identifier: GPL-3.0-only
// TimelineExport: entries of a timeline as a file, written a little at a time.
#pragma once

#include "console/model/lists/timelineentry.h"

#include <QIODevice>
#include <QObject>
#include <QTimer>
#include <memory>

namespace quiesce {

/// CSV as RFC 4180 has it, with a head; what a spreadsheet would take for a formula begins with a
/// quote. JSON is one array of objects. Both in UTF-8, times as ISO 8601 in UTC.
///
/// Thread:  event loop. Owns: the device, which is open for writing, until finished().
/// Emits:   finished() exactly once, never inside start().
/// Limits:  kRowsAtOnce rows between two turns of the event loop.
class TimelineExport final : public QObject
{
    Q_OBJECT

public:
    enum class Format : unsigned char { Csv, Json };
    static constexpr qsizetype kRowsAtOnce = 500;

    TimelineExport(Format format, QList<TimelineEntry> entries, std::unique_ptr<QIODevice> device,
                   QObject *parent = nullptr);

    void start();
    [[nodiscard]] QIODevice *device() const { return m_device.get(); }

Q_SIGNALS:
    /// `error`: empty when all is written.
    void finished(const QString &error);

private:
    void writeSome();
    void finish(const QString &error);
    [[nodiscard]] QByteArray rowText(qsizetype at) const;

    Format m_format;
    QList<TimelineEntry> m_entries;
    std::unique_ptr<QIODevice> m_device;
    qsizetype m_next = 0;
    QTimer m_writing;
};

/// One field, quoted where it must be, a leading `=`, `+`, `-`, `@`, tab or carriage return made
/// text by a quote before it.
[[nodiscard]] QString csvField(const QString &text);
/// With its line end.
[[nodiscard]] QByteArray csvLine(const QStringList &fields);

} // namespace quiesce
