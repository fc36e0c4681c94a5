// SPDX-License-Identifier: GPL-3.0-only
// TokenVault: where tokens are kept between runs; the seam between the console and the keyring.
#pragma once

#include "common/secret.h"

#include <QString>
#include <functional>

namespace quiesce {

enum class VaultStatus : unsigned char {
    Ok,
    NotFound,
    NoBackend, ///< this desktop has no keyring, or it cannot be reached
    Denied, ///< locked, or the user said no
    NoAnswer, ///< not within its time
    Other,
};

struct VaultAnswer
{
    VaultStatus status = VaultStatus::Other;
    QString text; ///< for people; empty when Ok
    Secret token; ///< of a read that is Ok
};

/// Thread:  event loop.
/// Emits:   each call leads to one call of `then`, later, unless the vault goes first.
/// Limits:  each answers within a time of its own.
/// Errors:  what cannot be kept safely is not kept: there is no plain file to fall back to.
class TokenVault
{
public:
    using Then = std::function<void(VaultAnswer)>;

    TokenVault() = default;
    TokenVault(const TokenVault &) = delete;
    TokenVault &operator=(const TokenVault &) = delete;
    virtual ~TokenVault() = default;

    virtual void read(const QString &key, const Then &then) = 0;
    virtual void write(const QString &key, const Secret &token, const Then &then) = 0;
    /// Of what is not there is Ok or NotFound, as the keyring has it.
    virtual void remove(const QString &key, const Then &then) = 0;
};

} // namespace quiesce
