// SPDX-License-Identifier: GPL-3.0-only
// Formats the ready line.
#include "service/host/readyline.h"

namespace quiesce {

using namespace Qt::StringLiterals;

QString readyLine(const QString &trafficUrl, const QString &adminUrl, qint64 pid)
{
    return u"quiesced ready traffic=%1 admin=%2 pid=%3"_s.arg(trafficUrl, adminUrl,
                                                              QString::number(pid));
}

} // namespace quiesce
