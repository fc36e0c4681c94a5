// SPDX-License-Identifier: GPL-3.0-only
// BodyReader: see the header.
#include "service/http/admin/bodyreader.h"

#include <QJsonDocument>
#include <cmath>
#include <limits>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kMaxNamedKey = 64; ///< of somebody's key in an error

bool isJson(const QByteArray &contentType)
{
    return contentType.split(';').first().trimmed().toLower() == "application/json";
}

bool isMissing(const QJsonValue &value)
{
    return value.isNull() || value.isUndefined();
}

} // namespace

BodyReader::BodyReader(const QByteArray &contentType, const QByteArray &body)
{
    if (body.trimmed().isEmpty())
        return;
    if (isJson(contentType)) // what does not say so is not even looked at
        parse(body);
    else
        refuse(415, "unsupported-media-type",
               u"The body must be application/json, and its Content-Type must say so."_s);
}

void BodyReader::parse(const QByteArray &body)
{
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (error.error != QJsonParseError::NoError) {
        refuse(400, "bad-json",
               u"Byte %1 of the body: %2."_s.arg(error.offset).arg(error.errorString()));
    } else if (!document.isObject()) {
        refuse(400, "bad-json", u"The body must be a JSON object."_s);
    } else {
        m_rest = document.object();
    }
}

QString BodyReader::text(const QString &key, Need need)
{
    const QJsonValue value = take(key);
    if (isMissing(value) && need == Need::Optional)
        return {};
    const QString text = value.toString();
    if (!value.isString() || text.size() > kMaxTextLength
        || (need == Need::Required && text.isEmpty())) {
        refuse(422, "bad-field",
               u"%1 must be a text of at most %2 characters."_s.arg(key).arg(kMaxTextLength));
        return {};
    }
    return text;
}

std::optional<milliseconds> BodyReader::duration(const QString &key, milliseconds least, Need need,
                                                 milliseconds most)
{
    const QJsonValue value = take(key);
    if (isMissing(value) && need == Need::Optional)
        return std::nullopt;
    const std::optional<qint64> number = wholeNumber(value, least.count(), most.count());
    if (number)
        return milliseconds(*number);
    refuse(422, "bad-field",
           u"%1 must be a whole number of milliseconds from %2 to %3."_s.arg(key)
               .arg(least.count())
               .arg(most.count()));
    return std::nullopt;
}

std::optional<int> BodyReader::count(const QString &key, int least, int most)
{
    const QJsonValue value = take(key);
    if (isMissing(value))
        return std::nullopt;
    const std::optional<qint64> number = wholeNumber(value, least, most);
    if (number)
        return static_cast<int>(*number);
    refuse(422, "bad-field",
           u"%1 must be a whole number from %2 to %3."_s.arg(key).arg(least).arg(most));
    return std::nullopt;
}

QJsonObject BodyReader::object(const QString &key, Need need)
{
    const QJsonValue value = take(key);
    if (isMissing(value) && need == Need::Optional)
        return {};
    if (!value.isObject())
        refuse(422, "bad-field", u"%1 must be an object."_s.arg(key));
    return value.toObject();
}

QDateTime BodyReader::instant(const QString &key)
{
    const QJsonValue value = take(key);
    if (isMissing(value))
        return {};
    const QDateTime at = QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
    // Without an offset it would be this machine's time, which is nobody's business but its own.
    if (at.isValid() && at.timeSpec() != Qt::LocalTime)
        return at.toUTC();
    refuse(422, "bad-field", u"%1 must be a time like \"2026-11-25T12:00:00.000Z\"."_s.arg(key));
    return {};
}

std::optional<Refusal> BodyReader::refusal()
{
    if (!m_rest.isEmpty())
        refuse(422, "unknown-field",
               u"There is no field \"%1\" here."_s.arg(m_rest.begin().key().left(kMaxNamedKey)));
    return m_refusal;
}

void BodyReader::refuse(int status, const QByteArray &code, const QString &detail)
{
    if (!m_refusal)
        m_refusal = Refusal{ .status = status, .code = code, .detail = detail };
}

QJsonValue BodyReader::take(const QString &key)
{
    return m_rest.take(key);
}

std::optional<qint64> BodyReader::wholeNumber(const QJsonValue &value, qint64 least, qint64 most)
{
    const double number = value.toDouble(std::numeric_limits<double>::quiet_NaN());
    const bool isWithin =
        number >= static_cast<double>(least) && number <= static_cast<double>(most);
    if (!isWithin || std::floor(number) != number)
        return std::nullopt;
    return static_cast<qint64>(number);
}

} // namespace quiesce
