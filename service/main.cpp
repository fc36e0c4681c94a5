// SPDX-License-Identifier: GPL-3.0-only
// quiesced: the stock service, put together from the library as any program would.
#include "service/program.h"
#include "service/stockjobs.h"
#include "service/stockroutes.h"

int main(int argc, char *argv[])
{
    quiesce::Program program(
        argc, argv,
        { .name = QStringLiteral("quiesced"), .version = QStringLiteral(QUIESCE_VERSION) });
    quiesce::addStockRoutes(program.service());
    quiesce::addStockJobs(program.service(), program.settings().jobs);
    return program.run();
}
