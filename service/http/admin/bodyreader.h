// SPDX-License-Identifier: GPL-3.0-only
// BodyReader: the JSON body of a request, field by field, with the first thing that is wrong.
#pragma once

#include "service/http/refusal.h"

#include <QDateTime>
#include <QJsonObject>
#include <QStringList>
#include <chrono>
#include <optional>

namespace quiesce {

/// Reads a body that is a JSON object, or empty, which counts as an object without fields.
///
/// Every field is optional and may be null; the caller says which one it cannot do without. Ask for
/// all the fields there may be, then for refusal(): a field nobody asked for is refused too, so
/// that a misspelt one is not passed over in silence. Errors: 415 `unsupported-media-type`, 400
/// `bad-json` with the place, 422 `bad-field` and
///         `unknown-field` with the field's name.
/// Limits: kMaxTextLength characters a text, kMaxDuration unless told otherwise.
class BodyReader final
{
public:
    static constexpr int kMaxTextLength = 1'024;
    static constexpr std::chrono::milliseconds kMaxDuration = std::chrono::hours(24);

    enum class Need : unsigned char { Optional, Required };

    BodyReader(const QByteArray &contentType, const QByteArray &body);

    [[nodiscard]] QString text(const QString &key, Need need = Need::Optional);
    /// A whole number of milliseconds from `least` to `most`.
    [[nodiscard]] std::optional<std::chrono::milliseconds>
    duration(const QString &key, std::chrono::milliseconds least = {}, Need need = Need::Optional,
             std::chrono::milliseconds most = kMaxDuration);
    /// A whole number from `least` to `most`.
    [[nodiscard]] std::optional<int> count(const QString &key, int least, int most);
    [[nodiscard]] QJsonObject object(const QString &key, Need need = Need::Optional);
    /// An ISO-8601 date and time with its offset from UTC, as UTC; invalid when it is not there.
    [[nodiscard]] QDateTime instant(const QString &key);
    /// The first thing that was wrong, none when all is well.
    [[nodiscard]] std::optional<Refusal> refusal();

private:
    void parse(const QByteArray &body);
    void refuse(int status, const QByteArray &code, const QString &detail);
    [[nodiscard]] QJsonValue take(const QString &key);
    [[nodiscard]] static std::optional<qint64> wholeNumber(const QJsonValue &value, qint64 least,
                                                           qint64 most);

    QJsonObject m_rest; ///< what has not been asked for
    std::optional<Refusal> m_refusal;
};

} // namespace quiesce
