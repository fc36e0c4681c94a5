// SPDX-License-Identifier: GPL-3.0-only
// quiesce-rehearse: arguments -> stops, one after the other -> report -> exit status.
#include "tests/rehearse/interruption.h"
#include "tests/rehearse/options.h"
#include "tests/rehearse/rehearsal.h"
#include "tests/rehearse/report.h"

#include <QCoreApplication>
#include <QTextStream>
#include <cstdio>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace quiesce;
using namespace quiesce::rehearse;

namespace {

enum ExitCode { Passed = 0, Failed = 1, Usage = 64, CannotStart = 69, BySignal = 128 };

void print(std::FILE *to, const QString &text)
{
    QTextStream(to) << text << Qt::flush;
}

/// On a terminal one line that is written over; elsewhere a line for each tenth of the stops.
void showProgress(const Tally &tally, const Options &options)
{
    if (options.progress == Progress::Quiet)
        return;
    const QString line = progressLine(tally, options);
    const bool isLast = tally.stops == options.stops;
    if (::isatty(STDERR_FILENO) != 0)
        print(stderr, u'\r' + line + "\033[K"_L1 + (isLast ? "\n\n"_L1 : ""_L1));
    else if (isLast || tally.stops % std::max(options.stops / 10, 1) == 0)
        print(stderr, line + u'\n');
}

ExitCode failed(const Interruption &interruption, const QString &reason)
{
    if (interruption.hasCome()) {
        print(stderr, u"quiesce-rehearse: interrupted\n"_s);
        return static_cast<ExitCode>(BySignal + interruption.signal());
    }
    print(stderr, u"quiesce-rehearse: the server could not be started: %1\n"_s.arg(reason));
    return CannotStart;
}

ExitCode rehearseStops(Rehearsal &rehearsal, const Interruption &interruption,
                       const Options &options)
{
    Tally tally;
    while (tally.stops < options.stops) {
        const auto stop = rehearsal.rehearseStop();
        if (!stop)
            return failed(interruption, stop.error());
        tally.add(stop.value());
        showProgress(tally, options);
    }
    print(stdout,
          options.format == ReportFormat::Json ? jsonReport(tally, options)
                                               : textReport(tally, options));
    return isPassed(tally, options) ? Passed : Failed;
}

ExitCode makeLoad(Rehearsal &rehearsal, const Interruption &interruption, const Options &options)
{
    const auto load = rehearsal.makeLoad();
    if (!load)
        return failed(interruption, load.error());
    print(stdout,
          options.format == ReportFormat::Json ? jsonReport(load.value())
                                               : textReport(load.value()));
    return load.value().counts.failures() <= options.maxLost ? Passed : Failed;
}

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(u"quiesce-rehearse"_s);
    const auto invocation = parseOptions(QCoreApplication::arguments());
    if (!invocation) {
        print(stderr, u"quiesce-rehearse: %1\n"_s.arg(invocation.error()));
        return Usage;
    }
    if (const QString &answer = invocation.value().answer; !answer.isEmpty()) {
        print(stdout, answer);
        return Passed;
    }
    raiseDescriptorLimit();
    EventLoop loop;
    const Interruption interruption(loop);
    const Options &options = invocation.value().options;
    Rehearsal rehearsal(loop, interruption, options);
    return options.command.isEmpty() ? makeLoad(rehearsal, interruption, options)
                                     : rehearseStops(rehearsal, interruption, options);
}
