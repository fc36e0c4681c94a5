// SPDX-License-Identifier: GPL-3.0-only
// TimelineExport: see the header.
#include "console/model/lists/timelineexport.h"

#include "common/utc.h"

#include <QDateTime>
#include <QJsonDocument>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QString instantOf(const TimelineEntry &entry)
{
    return utcFromMs(entry.at).toString(Qt::ISODateWithMs);
}

QByteArray csvOf(const TimelineEntry &entry)
{
    return csvLine({ instantOf(entry), toWire(entry.severity), toWire(entry.kind), textOf(entry),
                     entry.actor });
}

QByteArray jsonOf(const TimelineEntry &entry)
{
    const QJsonObject object{
        { u"at"_s, instantOf(entry) },     { u"severity"_s, toWire(entry.severity) },
        { u"kind"_s, toWire(entry.kind) }, { u"text"_s, textOf(entry) },
        { u"actor"_s, entry.actor },       { u"fields"_s, entry.fields }
    };
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray headOf(TimelineExport::Format format)
{
    return format == TimelineExport::Format::Json
        ? "[\n"_ba
        : csvLine({ u"at"_s, u"severity"_s, u"kind"_s, u"text"_s, u"actor"_s });
}

} // namespace

QString csvField(const QString &text)
{
    QString field = text;
    if (!field.isEmpty() && u"=+-@\t\r"_s.contains(field.front()))
        field.prepend(u'\'');
    const bool isPlain = std::none_of(field.cbegin(), field.cend(),
                                      [](QChar c) { return u",\"\r\n"_s.contains(c); });
    return isPlain ? field : u'"' + field.replace(u'"', u"\"\""_s) + u'"';
}

QByteArray csvLine(const QStringList &fields)
{
    QStringList written;
    std::transform(fields.cbegin(), fields.cend(), std::back_inserter(written), csvField);
    return written.join(u',').toUtf8() + "\r\n";
}

TimelineExport::TimelineExport(Format format, QList<TimelineEntry> entries,
                               std::unique_ptr<QIODevice> device, QObject *parent)
    : QObject(parent)
    , m_format(format)
    , m_entries(std::move(entries))
    , m_device(std::move(device))
{
    m_writing.setInterval(0);
    connect(&m_writing, &QTimer::timeout, this, &TimelineExport::writeSome);
}

void TimelineExport::start()
{
    m_writing.start();
}

QByteArray TimelineExport::rowText(qsizetype at) const
{
    if (m_format == Format::Csv)
        return csvOf(m_entries[at]);
    return (at == 0 ? QByteArray() : ",\n"_ba) + jsonOf(m_entries[at]);
}

void TimelineExport::writeSome()
{
    QByteArray text = m_next == 0 ? headOf(m_format) : QByteArray();
    const qsizetype end = std::min(m_next + kRowsAtOnce, m_entries.size());
    while (m_next < end)
        text += rowText(m_next++);
    const bool isLast = m_next == m_entries.size();
    if (isLast && m_format == Format::Json)
        text += "\n]\n";
    if (m_device->write(text) != text.size())
        finish(m_device->errorString());
    else if (isLast)
        finish({});
}

void TimelineExport::finish(const QString &error)
{
    m_writing.stop();
    Q_EMIT finished(error);
}

} // namespace quiesce
