// SPDX-License-Identifier: GPL-3.0-only
// Problem: see the header.
#include "console/client/http/problem.h"

#include "common/printable.h"
#include "console/client/http/httpaccess.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaEnum>
#include <QNetworkReply>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::Problem)
};

QString oneLine(const QString &text)
{
    return printable(text.left(Problem::kMaxDetail).simplified());
}

QString statusLine(const QNetworkReply &reply)
{
    const QString phrase =
        reply.attribute(QNetworkRequest::HttpReasonPhraseAttribute).toString().simplified();
    return oneLine(Text::tr("It answered HTTP %1 %2").arg(statusOf(reply)).arg(phrase));
}

} // namespace

int statusOf(const QNetworkReply &reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
}

QByteArray contentTypeOf(const QNetworkReply &reply)
{
    return reply.rawHeader("Content-Type").split(';').first().trimmed().toLower();
}

Problem problemOfAnswer(const QNetworkReply &reply, const QByteArray &body)
{
    Problem problem{ .status = statusOf(reply),
                     .code = u"http-%1"_s.arg(statusOf(reply)),
                     .detail = statusLine(reply) };
    if (contentTypeOf(reply) != "application/problem+json")
        return problem;
    const QJsonObject json = QJsonDocument::fromJson(body).object();
    const QString code = json.value("code"_L1).toString();
    if (code.isEmpty())
        return problem;
    problem.code = printable(code.left(Problem::kMaxCode));
    problem.isOfService = true;
    if (const QString detail = json.value("detail"_L1).toString(); !detail.isEmpty())
        problem.detail = oneLine(detail);
    return problem;
}

Problem problemOfRedirect(const QNetworkReply &reply)
{
    const QString target = QUrl::fromEncoded(reply.rawHeader("Location"))
                               .toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
    return { .status = statusOf(reply),
             .code = u"redirect"_s,
             .detail = oneLine(Text::tr("It sends elsewhere (%1), where the token "
                                        "must not go")
                                   .arg(target)) };
}

Problem problemOfNetwork(const QNetworkReply &reply)
{
    const auto errors = QMetaEnum::fromType<QNetworkReply::NetworkError>();
    const QString tlsFault = HttpAccess::tlsFault(reply);
    return { .status = 0,
             .code = QString::fromLatin1(errors.valueToKey(reply.error())),
             .detail = tlsFault.isEmpty() ? oneLine(reply.errorString()) : tlsFault };
}

} // namespace quiesce
