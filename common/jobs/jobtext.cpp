// SPDX-License-Identifier: GPL-3.0-only
// Writes what a job has most of, plain words, numbers and times, by itself; QtJson does the rest.
#include "common/jobs/jobtext.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <algorithm>

namespace quiesce {

namespace {

constexpr qsizetype kUsualBytes = 512;
constexpr qint64 kDayMs = 24LL * 60 * 60 * 1'000;
constexpr qint64 kEpochJulianDay = 2'440'588; // 1970-01-01

bool isPlain(QChar c)
{
    return c >= u' ' && c <= u'~' && c != u'"' && c != u'\\';
}

/// Decimal digits, with zeros in front.
void putDigits(char *end, int value, int count)
{
    for (; count > 0; --count, value /= 10)
        *--end = static_cast<char>('0' + value % 10);
}

class Writer final
{
public:
    Writer() { m_text.reserve(kUsualBytes); }

    /// What follows is the value of that key.
    Writer &key(const char *name)
    {
        m_text += m_text.isEmpty() ? "{\"" : ",\"";
        m_text += name;
        m_text += "\":";
        return *this;
    }
    void null() { m_text += "null"; }
    void raw(const QByteArray &json) { m_text += json; }
    void number(qint64 value) { m_text += QByteArray::number(value); }
    void number(double value)
    {
        m_text += QByteArray::number(value, 'g', QLocale::FloatingPointShortest);
    }
    void word(QLatin1StringView word)
    {
        m_text += '"';
        m_text.append(word.data(), word.size());
        m_text += '"';
    }
    void text(const QString &text)
    {
        if (!std::all_of(text.begin(), text.end(), isPlain))
            return value(text);
        m_text += '"';
        m_text += text.toLatin1();
        m_text += '"';
    }
    void object(const QJsonObject &object)
    {
        m_text += QJsonDocument(object).toJson(QJsonDocument::Compact);
    }
    void value(const QJsonValue &value) { m_text += toJsonText(value); }
    void utc(const QDateTime &at);

    [[nodiscard]] QByteArray finished()
    {
        m_text += '}';
        return std::move(m_text);
    }

private:
    QByteArray m_text;
};

/// As QDateTime::toString() does it, which takes some 14,000 instructions for one.
void Writer::utc(const QDateTime &at)
{
    if (!at.isValid())
        return null();
    const qint64 ms = at.toMSecsSinceEpoch();
    const qint64 days = ms >= 0 ? ms / kDayMs : -((kDayMs - 1 - ms) / kDayMs);
    int year = 0;
    int month = 0;
    int day = 0;
    QDate::fromJulianDay(kEpochJulianDay + days).getDate(&year, &month, &day);
    if (year < 0 || year > 9'999) // which ISO 8601 leaves to agreements
        return text(at.toUTC().toString(Qt::ISODateWithMs));
    const int inDay = static_cast<int>(ms - days * kDayMs);
    QByteArray written = QByteArrayLiteral("\"0000-00-00T00:00:00.000Z\"");
    char *begin = written.data();
    putDigits(begin + 5, year, 4);
    putDigits(begin + 8, month, 2);
    putDigits(begin + 11, day, 2);
    putDigits(begin + 14, inDay / 3'600'000, 2);
    putDigits(begin + 17, inDay / 60'000 % 60, 2);
    putDigits(begin + 20, inDay / 1'000 % 60, 2);
    putDigits(begin + 24, inDay % 1'000, 3);
    m_text += written;
}

/// Seldom any: QtJson's business.
void putRequeues(Writer &writer, const Job &job)
{
    if (job.requeues.isEmpty())
        writer.raw("[]");
    else
        writer.value(toJson(job.requeues));
}

} // namespace

QByteArray toJsonText(const QJsonValue &value)
{
    // An array carries it; its brackets are taken off.
    const QByteArray carried = QJsonDocument(QJsonArray{ value }).toJson(QJsonDocument::Compact);
    return carried.mid(1, carried.size() - 2);
}

QByteArray toJsonText(const Job &job)
{
    Writer writer;
    writer.key("attempt").number(qint64{ job.attempt });
    writer.key("checkpoint");
    job.checkpoint ? writer.object(*job.checkpoint) : writer.null();
    writer.key("createdAt").utc(job.createdAt);
    writer.key("error");
    job.error.isEmpty() ? writer.null() : writer.text(job.error);
    writer.key("finishedAt").utc(job.finishedAt);
    writer.key("id").text(job.id);
    writer.key("kind").text(job.kind);
    writer.key("maxAttempts").number(qint64{ job.maxAttempts });
    writer.key("owner");
    job.owner.isEmpty() ? writer.null() : writer.text(job.owner);
    writer.key("payload").object(job.payload);
    writer.key("progress");
    job.progress ? writer.number(*job.progress) : writer.null();
    writer.key("requeues");
    putRequeues(writer, job);
    writer.key("result").value(job.result);
    writer.key("runAt").utc(job.runAt);
    writer.key("startedAt").utc(job.startedAt);
    writer.key("state").word(toWire(job.state));
    writer.key("timeoutMs");
    job.timeout ? writer.number(qint64{ job.timeout->count() }) : writer.null();
    return writer.finished();
}

} // namespace quiesce
