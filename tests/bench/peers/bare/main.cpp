// SPDX-License-Identifier: GPL-3.0-only
// The bare QHttpServer peer of the bench: no framing, limits or drain of its own. On SIGTERM it
// does what comes to mind first: no longer listen, leave the event loop.
#include <QCoreApplication>
#include <QHttpServer>
#include <QSocketNotifier>
#include <QTcpServer>
#include <csignal>
#include <cstdio>
#include <sys/signalfd.h>

using namespace Qt::StringLiterals;

namespace {

int sigtermDescriptor()
{
    sigset_t signals;
    ::sigemptyset(&signals);
    ::sigaddset(&signals, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &signals, nullptr);
    return ::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);
    const quint16 port = QCoreApplication::arguments().value(1).toUShort();
    if (port == 0) {
        std::fputs("usage: bench-bare PORT\n", stderr);
        return 64;
    }

    QHttpServer server;
    server.route(u"/hello"_s, [] { return u"Hello, World!"_s; });
    server.route(u"/echo"_s, QHttpServerRequest::Method::Post,
                 [](const QHttpServerRequest &request) { return request.body(); });
    QTcpServer listener;
    listener.setListenBacklogSize(4096);
    if (!listener.listen(QHostAddress::LocalHost, port))
        return 69;
    server.bind(&listener);

    const QSocketNotifier sigterm(sigtermDescriptor(), QSocketNotifier::Read);
    QObject::connect(&sigterm, &QSocketNotifier::activated, &listener, [&] {
        listener.close();
        QCoreApplication::quit();
    });
    return QCoreApplication::exec();
}
