// SPDX-License-Identifier: GPL-3.0-only
// Makes records of Qt's messages and formats them.
#include "service/host/logging/logrecord.h"

#include "common/printable.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace quiesce {

using namespace Qt::StringLiterals;
using Level = LogSettings::Level;

namespace {

Level levelOf(QtMsgType type)
{
    switch (type) {
    case QtDebugMsg:
        return Level::Debug;
    case QtInfoMsg:
        return Level::Info;
    case QtWarningMsg:
        return Level::Warning;
    case QtCriticalMsg:
    case QtFatalMsg:
        break;
    }
    return Level::Error;
}

QLatin1StringView colourOf(Level level)
{
    switch (level) {
    case Level::Debug:
        return "\x1b[2m"_L1;
    case Level::Info:
        return "\x1b[32m"_L1;
    case Level::Warning:
        return "\x1b[33m"_L1;
    case Level::Error:
        break;
    }
    return "\x1b[31m"_L1;
}

} // namespace

QLatin1StringView toWire(Level level)
{
    switch (level) {
    case Level::Debug:
        return "debug"_L1;
    case Level::Info:
        return "info"_L1;
    case Level::Warning:
        return "warning"_L1;
    case Level::Error:
        break;
    }
    return "error"_L1;
}

LogRecord makeLogRecord(const QDateTime &at, QtMsgType type, const QString &category,
                        const QString &text)
{
    const bool isTooLong = text.size() > LogRecord::kLongestMessage;
    const QString kept = isTooLong ? text.left(LogRecord::kLongestMessage) + u'…' : text;
    LogRecord record{ at, levelOf(type), category, kept, kept, {} };
    if (category.startsWith("quiesce."_L1)) {
        ParsedLogLine parsed = LogLine::parse(kept);
        record.message = parsed.message;
        record.fields = parsed.fields;
    }
    return record;
}

QByteArray toTextLine(const LogRecord &record, LogColour colour)
{
    const bool isColoured = colour == LogColour::Ansi;
    const QString level = (isColoured ? QString(colourOf(record.level)) : QString())
        + toWire(record.level) + (isColoured ? u"\x1b[0m"_s : QString());
    const QString line = record.at.toString(Qt::ISODateWithMs) + u' ' + level + u' '
        + printable(record.category) + u' ' + printable(record.text) + u'\n';
    return line.toUtf8();
}

QJsonObject toJson(const LogRecord &record)
{
    QJsonObject fields;
    for (const LogField &field : record.fields)
        fields.insert(field.key, field.value);
    return {
        { u"at"_s, record.at.toString(Qt::ISODateWithMs) },
        { u"level"_s, QString(toWire(record.level)) },
        { u"category"_s, record.category },
        { u"message"_s, record.message },
        { u"fields"_s, fields },
    };
}

QByteArray toJsonLine(const LogRecord &record)
{
    return QJsonDocument(toJson(record)).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace quiesce
