// SPDX-License-Identifier: GPL-3.0-only
// MemoryVault: a TokenVault without a desktop, that can be told to fail.
#pragma once

#include "console/client/tokens/tokenvault.h"

#include <QMap>
#include <QObject>

namespace quiesce::test {

class MemoryVault final : public QObject, public TokenVault
{
public:
    void read(const QString &key, const Then &then) override
    {
        ++reads;
        const VaultStatus there = tokens.contains(key) ? VaultStatus::Ok : VaultStatus::NotFound;
        answer(there, tokens.value(key), then);
    }
    void write(const QString &key, const Secret &token, const Then &then) override
    {
        if (failure == VaultStatus::Ok)
            tokens.insert(key, token.view().toByteArray());
        answer(VaultStatus::Ok, {}, then);
    }
    void remove(const QString &key, const Then &then) override
    {
        answer(tokens.remove(key) > 0 ? VaultStatus::Ok : VaultStatus::NotFound, {}, then);
    }

    QMap<QString, QByteArray> tokens;
    VaultStatus failure = VaultStatus::Ok; ///< answered instead, when it is another
    int reads = 0;

private:
    void answer(VaultStatus status, const QByteArray &token, const Then &then)
    {
        const bool fails = failure != VaultStatus::Ok;
        const auto later = [=, this] {
            then({ .status = fails ? failure : status,
                   .text = fails ? QStringLiteral("the vault is out") : QString(),
                   .token = Secret(fails ? QByteArray() : token) });
        };
        QMetaObject::invokeMethod(this, later, Qt::QueuedConnection);
    }
};

} // namespace quiesce::test
