// SPDX-License-Identifier: GPL-3.0-only
// commandKind(): see the header.
#include "service/jobs/kinds/commandkind.h"

#include "common/jobs/commandarguments.h"
#include "service/jobs/kinds/commandrun.h"

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// Only what depends on the payload itself; whether its files are there is looked at when it runs.
QString check(const CommandSettings &command, const QJsonObject &payload)
{
    const auto values = readFields(command.fields, payload);
    if (!values)
        return values.error();
    const auto arguments = expandArguments(command, values.value());
    return arguments ? QString() : arguments.error();
}

QStringList environmentOf(const CommandSettings &command, const QProcessEnvironment &service)
{
    QProcessEnvironment environment;
    for (const QString &name : command.inheritEnvironment) {
        if (service.contains(name))
            environment.insert(name, service.value(name));
    }
    for (auto fixed = command.environment.begin(); fixed != command.environment.end(); ++fixed)
        environment.insert(fixed.key(), fixed.value());
    return environment.toStringList();
}

} // namespace

JobKind commandKind(const CommandSettings &command, const QProcessEnvironment &environment)
{
    JobKind kind;
    kind.name = command.name;
    kind.maxRunning = command.maxRunning;
    kind.timeout = command.timeout;
    kind.maxAttempts = command.maxAttempts;
    kind.check = [command](const QJsonObject &payload) { return check(command, payload); };
    kind.handler = [command, variables = environmentOf(command, environment),
                    tasks = std::make_shared<QObject>()](const JobContext &context) {
        return (new CommandRun(command, variables, context, tasks.get()))->begin();
    };
    return kind;
}

} // namespace quiesce
