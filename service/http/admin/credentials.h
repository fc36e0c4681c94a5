// SPDX-License-Identifier: GPL-3.0-only
// Credentials: which bearer token gives which access; the tokens themselves are not kept.
#pragma once

#include <QByteArrayView>
#include <QLatin1StringView>
#include <QtGlobal>
#include <array>

namespace quiesce {

/// What a request to the admin listener may do.
enum class Access : unsigned char {
    None, ///< no token was shown, or none was asked for
    Read, ///< GET and HEAD
    Operator, ///< everything
};

/// `operator`, `read`, or nothing: the wire name of the role.
[[nodiscard]] QLatin1StringView toWire(Access access);

/// Names one token without saying anything of it; none has 0.
using TokenId = quint64;

/// Compares tokens without keeping them: a hash of each, keyed with random bits of this object.
///
/// Comparing takes the same time whichever token is right, and whether one is: what was presented
/// is hashed once, and its hash compared with each of ours, always with all, in constant time. The
/// hash takes longer for more bytes, of what the asker sent.
///
/// Thread:  accessOf() from any thread. Owns: key and hashes, wiped at the end.
/// Limits:  libsodium must be usable, else the program ends (it cannot be asked for less).
class Credentials final
{
public:
    /// No token is right.
    Credentials();
    /// An empty token is none. The two must differ.
    Credentials(QByteArrayView operatorToken, QByteArrayView readToken);
    Credentials(const Credentials &) = default;
    Credentials &operator=(const Credentials &) = default;
    ~Credentials();

    [[nodiscard]] Access accessOf(QByteArrayView presented) const
    {
        return match(presented).access;
    }

    struct Match
    {
        Access access = Access::None;
        TokenId id = 0; ///< of the token that was presented; 0: it is not right
    };
    [[nodiscard]] Match match(QByteArrayView presented) const;
    /// Those of these tokens, of which one that was right before, whatever for, keeps its id.
    [[nodiscard]] Credentials renewed(QByteArrayView operatorToken, QByteArrayView readToken) const;
    /// What the token with this id may do; None when it is not right (any more).
    [[nodiscard]] Access accessById(TokenId id) const;
    /// Whether they are those of these tokens.
    [[nodiscard]] bool areOf(QByteArrayView operatorToken, QByteArrayView readToken) const;

private:
    using Digest = std::array<unsigned char, 32>;
    [[nodiscard]] Digest digestOf(QByteArrayView token) const;

    Digest m_key{};
    Digest m_operator{}; ///< random where there is no token: nothing that hashes to it is known
    Digest m_read{};
    TokenId m_operatorId = 0; ///< random, so that no two credentials share one by chance
    TokenId m_readId = 0;
    bool m_hasRead = false;
};

} // namespace quiesce
