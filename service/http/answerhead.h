// SPDX-License-Identifier: GPL-3.0-only
// The head of an answer: what QHttpServer wrote, and what goes out instead.
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <optional>

namespace quiesce {

/// What has to be known of an answer's head to find its end.
struct AnswerHead
{
    int status = 0;
    std::optional<qint64> contentLength;

    /// 1xx, 204 and 304 have none, whatever their fields say (RFC 9112 section 6.3).
    [[nodiscard]] bool mayHaveBody() const
    {
        return status >= 200 && status != 204 && status != 304;
    }
};

/// How this connection wants it said.
struct AnswerForm
{
    QByteArrayView date; ///< the value of Date (RFC 9110 section 6.6.1)
    bool mustClose = false;
    bool isHttp10 = false; ///< then keeping alive has to be said
};

/// Reads a head that ends with its empty line; none when it is not one.
[[nodiscard]] std::optional<AnswerHead> parseAnswerHead(QByteArrayView raw);

/// Appends the head as it goes out: the fields of `raw`, but with Connection, Date and the length
/// as they must be for this connection and status.
void appendAnswerHead(QByteArray &out, QByteArrayView raw, const AnswerHead &head,
                      const AnswerForm &form);

} // namespace quiesce
