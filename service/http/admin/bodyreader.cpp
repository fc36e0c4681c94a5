// SPDX-License-Identifier: GPL-3.0-only
// BodyReader: see the header.
#include "service/http/admin/bodyreader.h"

#include <QJsonDocument>
#include <cmath>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

constexpr int kMaxNamedKey = 64; ///< of somebody's key in an error

bool isJson(const QByteArray &contentType)
{
    return contentType.split(';').first().trimmed().toLower() == "application/json";
}

} // namespace

BodyReader::BodyReader(const QByteArray &contentType, const QByteArray &body)
{
    if (body.trimmed().isEmpty())
        return;
    QJsonParseError error{};
    const QJsonDocument document = QJsonDocument::fromJson(body, &error);
    if (!isJson(contentType)) {
        refuse(415, "unsupported-media-type",
               u"The body must be application/json, and its Content-Type must say so."_s);
    } else if (error.error != QJsonParseError::NoError) {
        refuse(400, "bad-json",
               u"Byte %1 of the body: %2."_s.arg(error.offset).arg(error.errorString()));
    } else if (!document.isObject()) {
        refuse(400, "bad-json", u"The body must be a JSON object."_s);
    } else {
        m_rest = document.object();
    }
}

QString BodyReader::text(const QString &key)
{
    const QJsonValue value = take(key);
    if (value.isNull() || value.isUndefined())
        return {};
    if (!value.isString() || value.toString().size() > kMaxTextLength) {
        refuse(422, "bad-field",
               u"%1 must be a text of at most %2 characters."_s.arg(key).arg(kMaxTextLength));
        return {};
    }
    return value.toString();
}

std::optional<milliseconds> BodyReader::duration(const QString &key, milliseconds least, Need need)
{
    const QJsonValue value = take(key);
    if ((value.isNull() || value.isUndefined()) && need == Need::Optional)
        return std::nullopt;
    const double number = value.toDouble(-1);
    if (number < static_cast<double>(least.count())
        || number > static_cast<double>(kMaxDuration.count()) || std::floor(number) != number) {
        refuse(422, "bad-field",
               u"%1 must be a whole number of milliseconds from %2 to %3."_s.arg(key)
                   .arg(least.count())
                   .arg(kMaxDuration.count()));
        return std::nullopt;
    }
    return milliseconds(static_cast<qint64>(number));
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

} // namespace quiesce
