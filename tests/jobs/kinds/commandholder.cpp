// SPDX-License-Identifier: GPL-3.0-only
// commandholder MARK SCRIPT: stands for a service that runs one command and is then killed. Passes
// on what the command writes.
#include "common/readyfuture.h"
#include "service/core/stopnotice.h"
#include "service/core/unixsignals.h"
#include "service/jobs/kinds/commandkind.h"

#include <QCoreApplication>
#include <QFutureWatcher>
#include <cstdio>

using namespace Qt::StringLiterals;

namespace {

class Printer final : public quiesce::JobAttempt
{
public:
    QFuture<bool> keep(const QJsonObject & /*state*/) override
    {
        return quiesce::readyFuture(true);
    }
    void setProgress(double /*progress*/) override { }
    void appendOutput(const QByteArray &bytes) override
    {
        std::fwrite(bytes.constData(), 1, static_cast<size_t>(bytes.size()), stdout);
        std::fflush(stdout);
    }
};

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const quiesce::UnixSignals unixSignals; // blocks the signals, as every service of ours does
    const QStringList arguments = QCoreApplication::arguments();
    quiesce::CommandSettings command;
    command.name = u"held"_s;
    command.program = u"/bin/sh"_s;
    command.arguments = { { u"-c"_s }, { arguments.value(2) } };
    command.environment = { { u"MARK"_s, arguments.value(1) }, { u"PATH"_s, u"/usr/bin:/bin"_s } };
    const quiesce::JobKind kind = quiesce::commandKind(command, {});
    const quiesce::JobContext context(
        { .id = u"job"_s, .kind = kind.name, .payload = {}, .checkpoint = {}, .deadline = {} },
        std::make_shared<Printer>(), std::make_shared<quiesce::StopNotice>());
    QFutureWatcher<quiesce::JobOutcome> watcher;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &application,
                     &QCoreApplication::quit);
    watcher.setFuture(kind.handler(context));
    return QCoreApplication::exec();
}
