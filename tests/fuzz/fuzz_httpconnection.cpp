// SPDX-License-Identifier: GPL-3.0-only
// Any bytes from a client into a real connection of a real server: nothing breaks, every byte that
// comes back belongs to a well-formed answer, and nothing stays in flight when the client is gone.
#include "service/core/inflight.h"
#include "service/core/stopnotice.h"
#include "service/http/httpserver.h"
#include "tests/fuzz/pieces.h"
#include "tests/support/manualclock.h"

#include <QCoreApplication>
#include <QPromise>
#include <array>
#include <cstdint>
#include <sys/socket.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::ManualClock;
using quiesce::test::Pieces;
using quiesce::test::require;

namespace {

LimitSettings smallLimits()
{
    LimitSettings limits;
    limits.maxUriBytes = 256;
    limits.maxHeaderBytes = 1'024;
    limits.maxBodyBytes = 512;
    return limits;
}

/// The one server of the process. It lives as long as that does.
struct Stage
{
    Stage()
        : server(ConnectionHost::Role::Traffic,
                 { clock, poller, inFlight, std::make_shared<StopNotice>() }, smallLimits(), pool)
    {
        using Method = QHttpServerRequest::Method;
        server.route(u"/"_s, Method::Get, [] { return "Hello"; });
        // As long as what was sent, but never what could be taken for an answer's status line.
        server.route(u"/e"_s, Method::Post, [](const QHttpServerRequest &request) {
            return QByteArray(request.body().size(), 'e');
        });
        server.route(u"/n"_s, Method::Get | Method::Put, [] {
            return QHttpServerResponse(QHttpServerResponse::StatusCode::NoContent);
        });
        server.route(u"/l"_s, Method::Get | Method::Post, [this](const RequestContext &) {
            auto promise = std::make_shared<QPromise<QByteArray>>();
            promise->start();
            QMetaObject::invokeMethod(
                &poller,
                [promise] {
                    promise->addResult("later");
                    promise->finish();
                },
                Qt::QueuedConnection);
            return promise->future();
        });
        require(bool(server.tryListen({ u"127.0.0.1"_s, 0 })), "a loopback port is free");
    }

    ManualClock clock;
    Poller poller;
    InFlight inFlight{ clock };
    QThreadPool pool;
    HttpServer server;
};

Stage &stage()
{
    static auto *const theStage = new Stage;
    return *theStage;
}

void turn()
{
    QCoreApplication::processEvents();
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

/// Appends what has come; true once the stream has ended.
bool receive(int descriptor, QByteArray &received)
{
    std::array<char, 16 * 1024> buffer;
    for (;;) {
        const ssize_t count = ::recv(descriptor, buffer.data(), buffer.size(), 0);
        if (count <= 0)
            return count == 0;
        received.append(buffer.data(), count);
    }
}

qsizetype lengthOf(QByteArrayView head)
{
    const int status = head.sliced(9, 3).toByteArray().toInt();
    const qsizetype at = head.indexOf("\r\nContent-Length: ");
    if (status < 200 || status == 204 || status == 304)
        return 0;
    require(at > 0, "an answer with a body tells its length");
    const QByteArrayView value = head.sliced(at + 18);
    return value.first(value.indexOf("\r\n")).toByteArray().toLongLong();
}

void checkAnswers(QByteArrayView received)
{
    while (!received.isEmpty()) {
        require(received.startsWith("HTTP/1.1 "), "an answer begins with its status line");
        const qsizetype end = received.indexOf("\r\n\r\n");
        require(end > 0, "an answer's head is complete");
        const QByteArrayView head = received.first(end + 2);
        const QByteArrayView rest = received.sliced(end + 4);
        const qsizetype length = lengthOf(head);
        // An answer to HEAD tells a length and has no body.
        const bool isBodyless = rest.size() < length || rest.startsWith("HTTP/1.1 ");
        require(!isBodyless || rest.isEmpty() || rest.startsWith("HTTP/1.1 "),
                "a body is complete");
        received = rest.sliced(isBodyless ? 0 : length);
    }
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    static auto *const application = new QCoreApplication(*argc, *argv);
    static_cast<void>(application);
    static_cast<void>(stage());
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    constexpr int kTurnsToEnd = 2'000;
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    int ends[2];
    require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0,
            "there is a socket pair");
    stage().server.adopt(ends[1]);
    QByteArray received;
    bool hasEnded = false;
    for (Pieces pieces(bytes); !pieces.isEmpty() && !hasEnded;) {
        const QByteArrayView piece = pieces.take();
        if (::send(ends[0], piece.data(), static_cast<size_t>(piece.size()), MSG_NOSIGNAL) < 0)
            break; // refused and closed; or it reads no further for now, and the rest is not sent
        turn();
        hasEnded = receive(ends[0], received);
    }
    const bool isLeaving = bytes.size() % 4 == 3; // some go without waiting for their answers
    ::shutdown(ends[0], SHUT_WR);
    for (int i = 0; i < kTurnsToEnd && !hasEnded && !isLeaving; ++i) {
        turn();
        hasEnded = receive(ends[0], received);
    }
    ::close(ends[0]);
    for (int i = 0; i < 3; ++i)
        turn();
    if (!isLeaving) {
        require(hasEnded, "the stream ends when the client ends its side");
        checkAnswers(received);
    }
    require(stage().inFlight.isEmpty(), "nothing stays in flight");
    require(stage().server.connectionCount() == 0, "no connection stays");
    require(stage().server.dispatchedCount() == 0, "no handler stays counted");
    return 0;
}
