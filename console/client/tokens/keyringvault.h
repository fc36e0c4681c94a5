// SPDX-License-Identifier: GPL-3.0-only
// KeyringVault: tokens in the desktop's keyring (libsecret, KWallet) through QtKeychain.
#pragma once

#include "console/client/tokens/tokenvault.h"

#include <QObject>
#include <chrono>

namespace QKeychain {
class Job;
}

namespace quiesce {

/// Thread:  event loop. Owns: nothing; QtKeychain's jobs are their own.
/// Limits:  kKeyringTimeout for each, in which somebody may type the keyring's password. A write
///          that is late may still be kept by the keyring.
/// Errors:  NoBackend at once where there is no session bus, which both keyrings are reached by.
class KeyringVault final : public QObject, public TokenVault
{
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds kKeyringTimeout = std::chrono::seconds(60);

    explicit KeyringVault(QObject *parent = nullptr);
    KeyringVault(std::chrono::milliseconds timeout, QObject *parent);

    void read(const QString &key, const Then &then) override;
    void write(const QString &key, const Secret &token, const Then &then) override;
    void remove(const QString &key, const Then &then) override;

private:
    void run(QKeychain::Job *job, const QString &key, const Then &then);

    std::chrono::milliseconds m_timeout;
};

} // namespace quiesce
