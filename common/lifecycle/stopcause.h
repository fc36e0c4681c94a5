// SPDX-License-Identifier: GPL-3.0-only
// Who asked for a stop (or a quiesce, a resume, …) and why, as far as it is known.
#pragma once

#include <QString>
#include <optional>

class QJsonObject;

namespace quiesce {

/// What is known about whoever asked. What is not known is empty or null, never a guess.
struct StopCause
{
    enum class Kind : unsigned char { Signal, Api, Internal };

    Kind kind = Kind::Internal;
    QString signal; ///< "SIGTERM"; empty unless kind is Signal
    int signalNumber = 0; ///< for the exit code of a forced stop; not on the wire
    std::optional<qint64> senderPid; ///< none where the kernel does not say (another PID namespace)
    std::optional<qint64> senderUid;
    QString senderCommand; ///< the sender's command name; empty when unknown
    QString remoteAddress; ///< of an API call
    QString actor; ///< as the caller named itself
    QString role; ///< `operator` or `read`, from the token
    QString reason;

    friend bool operator==(const StopCause &, const StopCause &) = default;
};

/// The contract's `cause` object: every key present, null where unknown.
[[nodiscard]] QJsonObject toJson(const StopCause &cause);

/// For people: "SIGTERM from bash (pid 4711, uid 1000)", "SIGTERM from an unknown sender". Pid 0 is
/// never named, and pid 1 is named by its command only, because neither identifies who asked.
[[nodiscard]] QString describe(const StopCause &cause);

} // namespace quiesce
