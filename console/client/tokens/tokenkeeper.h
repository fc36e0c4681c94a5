// SPDX-License-Identifier: GPL-3.0-only
// TokenKeeper: the tokens of connections, in the vault or for this run only.
#pragma once

#include "console/client/instancespec.h"
#include "console/client/tokens/tokenvault.h"

#include <QObject>
#include <map>
#include <memory>

namespace quiesce {

/// A token that was given for TokenSource::Ask, or that the vault would not take, is kept in memory
/// until the console ends; nothing is ever written but by the vault.
///
/// Thread:  event loop. Owns: the vault, the tokens of this run, wiped when they go.
/// Emits:   each `then` is called exactly once, later, unless its context or the keeper goes first.
/// Limits:  kMaxTokens in memory, a token of kMaxTokenBytes.
class TokenKeeper final : public QObject
{
    Q_OBJECT

public:
    static constexpr qsizetype kMaxTokenBytes = 4'096;
    static constexpr size_t kMaxTokens = 1'024;

    explicit TokenKeeper(std::unique_ptr<TokenVault> vault, QObject *parent = nullptr);
    ~TokenKeeper() override;

    using Then = TokenVault::Then;
    /// What this run has, else, of TokenSource::Keyring, what the vault has.
    void find(const InstanceSpec &spec, QObject *context, const Then &then);
    /// Remembers it for this run and, of TokenSource::Keyring, puts it into the vault; the answer
    /// is of the latter.
    void keep(const InstanceSpec &spec, const Secret &token, QObject *context, const Then &then);
    /// From both; NotFound is Ok.
    void forget(const QString &id, QObject *context, const Then &then);

    /// None for what cannot be a token: empty, too long, or with blanks or controls inside. Blanks
    /// around it are left away.
    [[nodiscard]] static std::optional<Secret> tokenFromInput(QByteArrayView input);

private:
    void answerLater(QObject *context, VaultStatus status, const QString &id, const Then &then);

    std::unique_ptr<TokenVault> m_vault;
    std::map<QString, Secret> m_tokens; ///< by spec id
};

} // namespace quiesce
