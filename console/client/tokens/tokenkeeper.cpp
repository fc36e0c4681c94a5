// SPDX-License-Identifier: GPL-3.0-only
// TokenKeeper: see the header.
#include "console/client/tokens/tokenkeeper.h"

#include <QPointer>
#include <algorithm>

namespace quiesce {

namespace {

/// `then` while `context` is there; the vault knows nothing of contexts.
TokenVault::Then guarded(QObject *context, const TokenVault::Then &then)
{
    return [guard = QPointer<QObject>(context), then](VaultAnswer answer) {
        if (guard)
            then(std::move(answer));
    };
}

} // namespace

TokenKeeper::TokenKeeper(std::unique_ptr<TokenVault> vault, QObject *parent)
    : QObject(parent)
    , m_vault(std::move(vault))
{ }

TokenKeeper::~TokenKeeper() = default;

void TokenKeeper::find(const InstanceSpec &spec, QObject *context, const Then &then)
{
    if (m_tokens.contains(spec.id))
        answerLater(context, VaultStatus::Ok, spec.id, then);
    else if (spec.tokenSource == TokenSource::Keyring)
        m_vault->read(spec.id, guarded(context, then));
    else
        answerLater(context, VaultStatus::NotFound, spec.id, then);
}

void TokenKeeper::keep(const InstanceSpec &spec, const Secret &token, QObject *context,
                       const Then &then)
{
    if (m_tokens.size() < kMaxTokens || m_tokens.contains(spec.id))
        m_tokens.insert_or_assign(spec.id, Secret(token.view()));
    if (spec.tokenSource == TokenSource::Keyring)
        m_vault->write(spec.id, token, guarded(context, then));
    else
        answerLater(context, VaultStatus::Ok, spec.id, then);
}

void TokenKeeper::forget(const QString &id, QObject *context, const Then &then)
{
    m_tokens.erase(id);
    m_vault->remove(id, guarded(context, [then](VaultAnswer answer) {
                        if (answer.status == VaultStatus::NotFound)
                            answer = { .status = VaultStatus::Ok, .text = {}, .token = {} };
                        then(std::move(answer));
                    }));
}

std::optional<Secret> TokenKeeper::tokenFromInput(QByteArrayView input)
{
    const QByteArrayView token = input.trimmed();
    const bool isPlain =
        std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < '\x7f'; });
    if (token.isEmpty() || token.size() > kMaxTokenBytes || !isPlain)
        return std::nullopt;
    return Secret(token);
}

void TokenKeeper::answerLater(QObject *context, VaultStatus status, const QString &id,
                              const Then &then)
{
    const auto answer = [this, status, id, guard = guarded(context, then)] {
        VaultAnswer given{ .status = status, .text = {}, .token = {} };
        if (const auto token = m_tokens.find(id); token != m_tokens.end())
            given.token = Secret(token->second.view());
        guard(std::move(given));
    };
    QMetaObject::invokeMethod(this, answer, Qt::QueuedConnection);
}

} // namespace quiesce
