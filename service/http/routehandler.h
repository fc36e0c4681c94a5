// SPDX-License-Identifier: GPL-3.0-only
// Takes a route handler's signature apart: what it wants, what it gives back.
#pragma once

#include "service/core/requestcontext.h"

#include <QFuture>
#include <QHttpServerRequest>
#include <QHttpServerResponse>
#include <concepts>
#include <memory>
#include <tuple>
#include <type_traits>

namespace quiesce {
class PendingAnswer;
}

namespace quiesce::routehandler {

template <typename Handler>
struct Signature : Signature<decltype(&Handler::operator())>
{ };
template <typename R, typename... A>
struct Signature<R (*)(A...)>
{
    using Result = R;
    using Arguments = std::tuple<A...>;
};
template <typename C, typename R, typename... A>
struct Signature<R (C::*)(A...) const> : Signature<R (*)(A...)>
{ };

template <typename T>
struct FutureOf
{
    static constexpr bool kIsFuture = false;
};
template <typename T>
struct FutureOf<QFuture<T>>
{
    static constexpr bool kIsFuture = true;
};

template <typename Arguments>
struct WantsRequest;
template <typename... A>
struct WantsRequest<std::tuple<A...>>
{
    static constexpr bool value =
        (std::is_same_v<std::remove_cvref_t<A>, QHttpServerRequest> || ...);
};

template <typename Arguments>
struct WantsContext
{
    static constexpr bool value = std::is_same_v<
        std::remove_cvref_t<std::tuple_element_t<std::tuple_size_v<Arguments> - 1, Arguments>>,
        RequestContext>;
};
template <>
struct WantsContext<std::tuple<>>
{
    static constexpr bool value = false;
};

/// What a handler may be: its last parameter may be a RequestContext, its result becomes a
/// response, is a future of what does, or is a PendingAnswer that it answers itself.
template <typename Handler>
struct Traits
{
    using Result = typename Signature<Handler>::Result;
    using Arguments = typename Signature<Handler>::Arguments;
    static constexpr bool kWantsContext = WantsContext<Arguments>::value;
    static constexpr bool kIsAsync = FutureOf<Result>::kIsFuture;
    static constexpr bool kIsDeferred = std::is_same_v<Result, std::shared_ptr<PendingAnswer>>;
    /// The parameters that QHttpServer fills in.
    static constexpr std::size_t kRouted = std::tuple_size_v<Arguments> - (kWantsContext ? 1 : 0);
    static constexpr bool kCaptures = kRouted > (WantsRequest<Arguments>::value ? 1 : 0);
};

/// Turns what a handler returned into a response. Text is text/plain in UTF-8: QHttpServerResponse
/// would look for signatures of file types in it, at half the cost of the whole request (measured
/// on Qt 6.4.2), and let a client that gets its own bytes back choose the type.
template <typename T>
[[nodiscard]] QHttpServerResponse asResponse(T &&value)
{
    using Plain = std::remove_cvref_t<T>;
    constexpr char kText[] = "text/plain; charset=utf-8";
    if constexpr (std::is_same_v<Plain, QHttpServerResponse>)
        return std::forward<T>(value);
    else if constexpr (std::is_same_v<Plain, QString>)
        return { QByteArray(kText), value.toUtf8() };
    else if constexpr (std::is_convertible_v<T, QByteArray>)
        return { QByteArray(kText), QByteArray(value) };
    else
        return QHttpServerResponse(std::forward<T>(value));
}

} // namespace quiesce::routehandler
