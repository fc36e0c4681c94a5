// SPDX-License-Identifier: GPL-3.0-only
// getrlimit and setrlimit.
#include "service/host/filelimit.h"

#include "common/logline.h"
#include "service/host/hostlog.h"
#include "service/host/posixfile.h"

#include <algorithm>
#include <cerrno>
#include <sys/resource.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

qint64 asCount(rlim_t limit)
{
    return limit == RLIM_INFINITY ? kUnlimitedFiles : static_cast<qint64>(limit);
}

} // namespace

FileLimit raiseFileLimit()
{
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        qCWarning(lcHost).noquote()
            << LogLine("file limit unknown").with("errno", errno).toString();
        return {};
    }
    FileLimit result{ asCount(limit.rlim_cur), asCount(limit.rlim_cur) };
    if (limit.rlim_cur == limit.rlim_max)
        return result;
    limit.rlim_cur = limit.rlim_max;
    if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        qCWarning(lcHost).noquote() << LogLine("file limit not raised")
                                           .with("limit", result.before)
                                           .with("errno", errno)
                                           .toString();
        return result;
    }
    result.now = asCount(limit.rlim_cur);
    qCInfo(lcHost).noquote() << LogLine("file limit raised")
                                    .with("from", result.before)
                                    .with("to", result.now)
                                    .toString();
    return result;
}

LimitSettings fitTo(const FileLimit &limit, LimitSettings limits)
{
    constexpr qint64 kShareOfOperators = 4;
    const qint64 wanted =
        qint64{ limits.maxConnections } + limits.maxAdminConnections + kOtherFiles;
    if (limit.now == kUnlimitedFiles || limit.now >= wanted)
        return limits;
    const qint64 room = limit.now - kOtherFiles;
    const auto atMost = [](qint64 fits, int asked) {
        return static_cast<int>(std::clamp<qint64>(fits, 1, asked));
    };
    limits.maxAdminConnections = atMost(room / kShareOfOperators, limits.maxAdminConnections);
    limits.maxConnections = atMost(room - limits.maxAdminConnections, limits.maxConnections);
    qCWarning(lcHost).noquote() << LogLine("file limit too low for limits.max_connections")
                                       .with("limit", limit.now)
                                       .with("wanted", wanted)
                                       .with("traffic", limits.maxConnections)
                                       .with("admin", limits.maxAdminConnections)
                                       .toString();
    return limits;
}

} // namespace quiesce
