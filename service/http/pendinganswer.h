// SPDX-License-Identifier: GPL-3.0-only
// PendingAnswer: the promise that stands between a handler's future and QHttpServer, so that a
// time-out, a cancel or a client's leaving can answer first.
#pragma once

#include "service/http/refusal.h"

#include <QFuture>
#include <QFutureInterface>
#include <QHttpServerResponse>
#include <functional>
#include <memory>

namespace quiesce {

/// Whoever answers first answers; the others are dropped in silence.
///
/// Thread: event loop. QHttpServer's continuation runs inside answer(), so the answer may have been
///         written, and its connection closed, when that returns.
/// Why:    not a QPromise: QHttpServer takes the result out of the future, which in Qt 6.4 resets
///         the shared state, and ~QPromise then cancels and runs the continuation once more.
class PendingAnswer final
{
public:
    /// How the handler hears that it should give up.
    enum class Listens : unsigned char {
        ToItsContext, ///< it took a RequestContext: the stop token, and its own answer counts
        ToItsFuture, ///< QFuture::cancel(), after which Qt drops whatever it answers
        ToNobody, ///< its canceller, if any, is called, and 503 answered in its stead
    };

    explicit PendingAnswer(Listens listens);
    /// A promise must not stay open: QHttpServer would keep its socket for ever.
    ~PendingAnswer();
    PendingAnswer(const PendingAnswer &) = delete;
    PendingAnswer &operator=(const PendingAnswer &) = delete;

    [[nodiscard]] QFuture<QHttpServerResponse> future() { return m_promise.future(); }
    [[nodiscard]] bool isAnswered() const { return m_isAnswered; }
    void answer(QHttpServerResponse &&response);
    void answer(const Refusal &refusal);

    /// Cancels the handler's QFuture, or whatever else it does. Called at most once, when
    /// the handler's answer is not wanted any more.
    void setCanceller(std::function<void()> canceller) { m_canceller = std::move(canceller); }
    /// Asks the handler to give up, by what it listens to; what it then answers is still wanted.
    void requestCancel();
    /// Nobody wants the handler's answer any more.
    void cancelHandler();

private:
    QFutureInterface<QHttpServerResponse> m_promise;
    std::function<void()> m_canceller;
    Listens m_listens;
    bool m_isAnswered = false;
};

/// A problem+json response for QHttpServer.
[[nodiscard]] QHttpServerResponse toResponse(const Refusal &refusal);

} // namespace quiesce
