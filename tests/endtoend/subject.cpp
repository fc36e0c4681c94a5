// SPDX-License-Identifier: GPL-3.0-only
// A service with hooks and handlers as good and as bad as a stranger's may be. SUBJECT_HOOKS names
// the hooks to register, in order, separated by commas; SUBJECT_LATE_SIGNAL the number of a signal
// that comes when main() has returned.
#include "service/program.h"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

void addHook(quiesce::Service &service, const QString &name)
{
    service.onStop(
        name,
        [name] {
            std::cout << name.toStdString() << std::endl;
            if (name == "throws"_L1)
                throw std::runtime_error("a hook's own fault");
            std::string line;
            if (name == "asks"_L1)
                std::getline(std::cin, line);
            while (name == "hangs"_L1) // no signal ends it: they are blocked on this thread
                ::pause();
        },
        name == "hangs"_L1 ? std::chrono::milliseconds(300) : std::chrono::minutes(10));
}

void sendLateSignal()
{
    ::kill(::getpid(), qEnvironmentVariableIntValue("SUBJECT_LATE_SIGNAL"));
    std::cout << "late" << std::endl;
}

} // namespace

int main(int argc, char *argv[])
{
    if (qEnvironmentVariableIsSet("SUBJECT_LATE_SIGNAL"))
        std::atexit(&sendLateSignal);
    quiesce::Program program(argc, argv, { .name = u"subject"_s, .version = u"1.0"_s });
    quiesce::Service &service = program.service();
    for (const QString &name :
         qEnvironmentVariable("SUBJECT_HOOKS").split(u',', Qt::SkipEmptyParts))
        addHook(service, name);
    service.route(u"/throws"_s,
                  []() -> QString { throw std::runtime_error("a handler's own fault"); });
    service.route(u"/hang"_s, []() -> QString { // no event loop turns any more
        for (;;)
            ::pause();
    });
    service.route(u"/stop"_s, [&service] {
        service.stop(u"asked by a handler"_s);
        return QStringLiteral("stopping");
    });
    return program.run();
}
