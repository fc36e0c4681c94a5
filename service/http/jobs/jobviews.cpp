// SPDX-License-Identifier: GPL-3.0-only
// Reading what jobs are asked for: see the header.
#include "service/http/jobs/jobviews.h"

#include "service/http/admin/listpage.h"

#include <QUrlQuery>

namespace quiesce {

using namespace Qt::StringLiterals;

Result<JobQuery, Refusal> jobQueryOf(const QUrlQuery &query)
{
    const Result<ListPage, Refusal> page =
        ListPage::from(query, { .usual = kUsualJobPage, .most = kMaxJobPage });
    if (!page)
        return Failure{ page.error() };
    JobQuery asked{ .state = {},
                    .kind = query.queryItemValue(u"kind"_s, QUrl::FullyDecoded),
                    .limit = page.value().limit,
                    .after = page.value().after };
    if (query.hasQueryItem(u"state"_s)) {
        asked.state = jobStateFromWire(query.queryItemValue(u"state"_s));
        if (!asked.state)
            return Failure{ Refusal{ .status = 400,
                                     .code = "bad-parameter",
                                     .detail = u"state must be queued, scheduled, running, "
                                               "succeeded, failed or cancelled."_s } };
    }
    return asked;
}

} // namespace quiesce
