// SPDX-License-Identifier: GPL-3.0-only
// ListPage: ?limit= and ?after= of a list, and the page that they ask for.
#pragma once

#include "common/result.h"
#include "service/http/refusal.h"

#include <QHttpServerResponse>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

namespace quiesce {

/// What part of a list is asked for.
///
/// Limits: 1 to kMaxLimit items, kDefaultLimit when nothing is said, unless the list has Sizes of
///         its own; an ID of at most kMaxIdLength.
struct ListPage
{
    static constexpr int kDefaultLimit = 100;
    static constexpr int kMaxLimit = 1'000;
    static constexpr int kMaxIdLength = 128;

    int limit = kDefaultLimit;
    QString after; ///< the ID of the last item seen; empty: from the beginning

    /// What a list has when nothing is said, and at most.
    struct Sizes
    {
        int usual = kDefaultLimit;
        int most = kMaxLimit;
    };

    /// @error 400 `bad-parameter`.
    [[nodiscard]] static Result<ListPage, Refusal> from(const QUrlQuery &query)
    {
        return from(query, Sizes{});
    }
    [[nodiscard]] static Result<ListPage, Refusal> from(const QUrlQuery &query, Sizes sizes);

    /// `{"items": […], "next": ID or null}` of what follows `after` in `all`, which are objects
    /// with their ID under `idKey`. An ID that is not there (any more) gives an empty page.
    template <typename Range>
    [[nodiscard]] QJsonObject of(const Range &all, QLatin1StringView idKey) const
    {
        QJsonArray items;
        bool isThere = after.isEmpty();
        bool hasMore = false;
        for (const QJsonObject &item : all) {
            if (isThere && items.size() == limit) {
                hasMore = true;
                break;
            }
            if (isThere)
                items.append(item);
            isThere = isThere || item.value(idKey).toString() == after;
        }
        return pageOf(items, hasMore ? items.last().toObject().value(idKey) : QJsonValue());
    }

private:
    [[nodiscard]] static QJsonObject pageOf(const QJsonArray &items, const QJsonValue &next);
};

/// A JSON answer that no cache keeps.
[[nodiscard]] QHttpServerResponse
jsonResponse(const QJsonObject &body,
             QHttpServerResponse::StatusCode status = QHttpServerResponse::StatusCode::Ok);

} // namespace quiesce
