// SPDX-License-Identifier: GPL-3.0-only
// Changes as curl commands: see the header.
#include "console/model/acting/curltext.h"

#include <QJsonDocument>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QString pathOf(const CommandRequest &request)
{
    const QString target = QString::fromLatin1(QUrl::toPercentEncoding(request.target));
    switch (request.verb) {
    case Verb::Quiesce:
        return u"/admin/v1/quiesce"_s;
    case Verb::Resume:
        return u"/admin/v1/resume"_s;
    case Verb::Stop:
        return u"/admin/v1/stop"_s;
    case Verb::Extend:
        return u"/admin/v1/extend"_s;
    case Verb::Force:
        return u"/admin/v1/force"_s;
    case Verb::CancelRequest:
        return u"/admin/v1/requests/"_s + target;
    case Verb::CancelJob:
        return u"/admin/v1/jobs/"_s + target;
    }
    return {};
}

QString methodOf(Verb verb)
{
    const bool isCancel = verb == Verb::CancelRequest || verb == Verb::CancelJob;
    return isCancel ? u"DELETE"_s : u"POST"_s;
}

QString bodyOf(const CommandRequest &request)
{
    QJsonObject body;
    if (!request.actor.isEmpty())
        body.insert("actor"_L1, request.actor);
    if (!request.reason.isEmpty())
        body.insert("reason"_L1, request.reason);
    if (request.verb == Verb::Stop && request.lameDuck)
        body.insert("lameDuckMs"_L1, qint64{ request.lameDuck->count() });
    if (request.verb == Verb::Stop && request.grace)
        body.insert("graceMs"_L1, qint64{ request.grace->count() });
    if (request.verb == Verb::Extend)
        body.insert("byMs"_L1, qint64{ request.by.count() });
    return QString::fromUtf8(QJsonDocument(body).toJson(QJsonDocument::Compact));
}

} // namespace

QString shellQuoted(const QString &text)
{
    QString inner = text;
    inner.replace(u'\'', R"('\'')"_L1);
    return u'\'' + inner + u'\'';
}

QString curlText(const InstanceSpec &spec, const CommandRequest &request)
{
    QUrl url = spec.adminUrl;
    url.setPath(pathOf(request), QUrl::TolerantMode);
    QStringList words{ u"curl --silent --show-error --request"_s, methodOf(request.verb) };
    if (!spec.caFile.isEmpty())
        words << u"--cacert"_s << shellQuoted(spec.caFile);
    words << uR"(--header "Authorization: Bearer $TOKEN")"_s
          << u"--header 'Content-Type: application/json'"_s << u"--data"_s
          << shellQuoted(bodyOf(request)) << shellQuoted(QString::fromLatin1(url.toEncoded()));
    const QString command = words.join(u' ');
    if (spec.tokenSource != TokenSource::File || spec.tokenFile.isEmpty())
        return command;
    return u"TOKEN=$(cat -- %1) &&\n"_s.arg(shellQuoted(spec.tokenFile)) + command;
}

} // namespace quiesce
