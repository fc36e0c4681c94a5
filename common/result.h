// SPDX-License-Identifier: GPL-3.0-only
// Result<T, E>: what an operation that is expected to fail returns (std::expected is not in C++20).
#pragma once

#include <utility>
#include <variant>

namespace quiesce {

/// Wraps an error so that Result<T, E> can be told a T from an E, also when both are one type.
template <typename E>
struct Failure
{
    E error;
};

template <typename E>
Failure(E) -> Failure<E>;

/// The value of an operation that only succeeds or fails.
struct Done
{ };

/// Either the value of an operation or the reason why there is none.
///
/// Errors: reading the side that is not there is a programming error (std::bad_variant_access).
template <typename T, typename E>
class [[nodiscard]] Result final
{
public:
    Result(T value) // NOLINT(google-explicit-constructor): a function returns its value as it is
        : m_state(std::in_place_index<0>, std::move(value))
    { }
    Result(Failure<E> failure) // NOLINT(google-explicit-constructor)
        : m_state(std::in_place_index<1>, std::move(failure.error))
    { }

    [[nodiscard]] bool isOk() const { return m_state.index() == 0; }
    [[nodiscard]] explicit operator bool() const { return isOk(); }
    [[nodiscard]] const T &value() const { return std::get<0>(m_state); }
    [[nodiscard]] T takeValue() { return std::move(std::get<0>(m_state)); }
    [[nodiscard]] const E &error() const { return std::get<1>(m_state); }

private:
    std::variant<T, E> m_state;
};

} // namespace quiesce
