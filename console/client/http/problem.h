// SPDX-License-Identifier: GPL-3.0-only
// Problem: why a request gave nothing useful, from problem+json or from what Qt says.
#pragma once

#include <QByteArray>
#include <QString>

class QNetworkReply;

namespace quiesce {

/// Fit to be shown: one line of bounded length, and never a token.
struct Problem
{
    static constexpr qsizetype kMaxDetail = 500;
    static constexpr qsizetype kMaxCode = 64;

    int status = 0; ///< HTTP; 0: no answer
    QString code; ///< of problem+json; else a word of ours or of Qt's error
    QString detail;
    bool isOfService = false; ///< it was problem+json, thus the service itself has spoken
};

[[nodiscard]] int statusOf(const QNetworkReply &reply); ///< 0: there is none yet
/// "application/json" of "Application/JSON; charset=utf-8".
[[nodiscard]] QByteArray contentTypeOf(const QNetworkReply &reply);

/// Of an answer that is neither 2xx nor a redirect, with as much of its body as was read.
[[nodiscard]] Problem problemOfAnswer(const QNetworkReply &reply, const QByteArray &body);
/// Of 3xx, which is never followed: the token would go elsewhere.
[[nodiscard]] Problem problemOfRedirect(const QNetworkReply &reply);
/// Of one that ended without a complete answer.
[[nodiscard]] Problem problemOfNetwork(const QNetworkReply &reply);

[[nodiscard]] constexpr bool isSuccess(int status)
{
    return status >= 200 && status < 300;
}
[[nodiscard]] constexpr bool isRedirect(int status)
{
    return status >= 300 && status < 400;
}

} // namespace quiesce
