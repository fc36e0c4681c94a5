// SPDX-License-Identifier: GPL-3.0-only
// The shop's route, hook and job.
#include "shop.h"

#include <QThread>
#include <Quiesce/JobContext>

void Shop::openIn(quiesce::Service &service)
{
    service.route(
        "/buy/<arg>",
        [this, &service](const QString &what, const quiesce::RequestContext &request) {
            emit sold(what);
            return service.onPool([what, request] {
                while (!request.stopNotice().stop_requested()) // waits until a stop has begun
                    QThread::msleep(1);
                return "sold: " + what;
            });
        });
    service.route("/hello", [] { return QString("hello"); });
    service.job("deliver", [](const quiesce::JobContext &job) {
        while (!job.isStopping())
            QThread::msleep(1);
        return quiesce::JobOutcome::interrupted();
    });
    service.onStop("flush", [this] { m_isFlushed = true; });
}
