// SPDX-License-Identifier: GPL-3.0-only
// Futures that are ready when they are made, in the one way that every Qt 6 has:
// QtFuture::makeReadyFuture is deprecated since 6.6, and 6.4 does not have what takes its place.
#pragma once

#include <QFuture>
#include <QPromise>
#include <type_traits>
#include <utility>

namespace quiesce {

template <typename Value>
[[nodiscard]] QFuture<std::decay_t<Value>> readyFuture(Value &&value)
{
    QPromise<std::decay_t<Value>> promise;
    promise.start();
    promise.addResult(std::forward<Value>(value));
    promise.finish();
    return promise.future();
}

[[nodiscard]] inline QFuture<void> readyFuture()
{
    QPromise<void> promise;
    promise.start();
    promise.finish();
    return promise.future();
}

} // namespace quiesce
