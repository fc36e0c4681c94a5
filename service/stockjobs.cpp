// SPDX-License-Identifier: GPL-3.0-only
// The stock kinds: see the header.
#include "service/stockjobs.h"

#include "service/jobs/kinds/commandkind.h"
#include "service/jobs/kinds/digestkind.h"
#include "service/jobs/kinds/sleepkind.h"
#include "service/service.h"

#include <QProcessEnvironment>

namespace quiesce {

void addStockJobs(Service &service, const JobSettings &settings)
{
    service.job(sleepKind());
    service.job(digestKind(settings.digestRoots, &service.jobs().pool()));
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const CommandSettings &command : settings.commands)
        service.job(commandKind(command, environment));
}

} // namespace quiesce
