// SPDX-License-Identifier: GPL-3.0-only
// Formats the ready line.
#include "service/host/readyline.h"

#include "common/endpoint.h"

namespace quiesce {

using namespace Qt::StringLiterals;

QString readyLine(const Endpoint &traffic, const Endpoint &admin, qint64 pid)
{
    return u"quiesced ready traffic=%1 admin=%2 pid=%3"_s.arg(httpUrl(traffic), httpUrl(admin),
                                                              QString::number(pid));
}

} // namespace quiesce
