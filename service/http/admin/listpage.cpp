// SPDX-License-Identifier: GPL-3.0-only
// ListPage: see the header.
#include "service/http/admin/listpage.h"

#include "service/http/qtcompat.h"

#include <QJsonDocument>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

Failure<Refusal> badParameter(const QString &detail)
{
    return Failure{ Refusal{ .status = 400, .code = "bad-parameter", .detail = detail } };
}

} // namespace

Result<ListPage, Refusal> ListPage::from(const QUrlQuery &query, Sizes sizes)
{
    ListPage page;
    page.limit = sizes.usual;
    if (query.hasQueryItem(u"limit"_s)) {
        bool isNumber = false;
        page.limit = query.queryItemValue(u"limit"_s).toInt(&isNumber);
        if (!isNumber || page.limit < 1 || page.limit > sizes.most)
            return badParameter(u"limit must be a number from 1 to %1."_s.arg(sizes.most));
    }
    page.after = query.queryItemValue(u"after"_s, QUrl::FullyDecoded);
    if (page.after.size() > kMaxIdLength)
        return badParameter(u"after must be an ID from an earlier page."_s);
    return page;
}

QJsonObject ListPage::pageOf(const QJsonArray &items, const QJsonValue &next)
{
    return { { u"items"_s, items }, { u"next"_s, next } };
}

QHttpServerResponse jsonResponse(const QJsonObject &body, QHttpServerResponse::StatusCode status)
{
    QHttpServerResponse response("application/json",
                                 QJsonDocument(body).toJson(QJsonDocument::Compact), status);
    qtcompat::addField(response, "Cache-Control", "no-store");
    return response;
}

} // namespace quiesce
