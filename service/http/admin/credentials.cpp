// SPDX-License-Identifier: GPL-3.0-only
// Credentials: see the header. BLAKE2b, keyed, by libsodium.
#include "service/http/admin/credentials.h"

#include <QtGlobal>
#include <sodium.h>

namespace quiesce {

namespace {

void readySodium()
{
    static const bool isReady = sodium_init() >= 0;
    if (!isReady)
        qFatal("libsodium cannot be used");
}

} // namespace

QLatin1StringView toWire(Access access)
{
    switch (access) {
    case Access::None:
        return {};
    case Access::Read:
        return QLatin1StringView("read");
    case Access::Operator:
        return QLatin1StringView("operator");
    }
    Q_UNREACHABLE();
}

Credentials::Credentials()
    : Credentials(QByteArrayView(), QByteArrayView())
{ }

Credentials::Credentials(QByteArrayView operatorToken, QByteArrayView readToken)
    : m_hasRead(!readToken.isEmpty())
{
    readySodium();
    for (Digest *bits : { &m_key, &m_operator, &m_read })
        randombytes_buf(bits->data(), bits->size());
    randombytes_buf(&m_operatorId, sizeof m_operatorId);
    randombytes_buf(&m_readId, sizeof m_readId);
    if (!operatorToken.isEmpty())
        m_operator = digestOf(operatorToken);
    if (m_hasRead)
        m_read = digestOf(readToken);
}

Credentials Credentials::renewed(QByteArrayView operatorToken, QByteArrayView readToken) const
{
    Credentials renewed(operatorToken, readToken);
    if (const Match before = match(operatorToken); before.id != 0)
        renewed.m_operatorId = before.id;
    if (const Match before = match(readToken); before.id != 0)
        renewed.m_readId = before.id;
    return renewed;
}

Credentials::~Credentials()
{
    for (Digest *bits : { &m_key, &m_operator, &m_read })
        sodium_memzero(bits->data(), bits->size());
}

Credentials::Digest Credentials::digestOf(QByteArrayView token) const
{
    Digest digest{};
    crypto_generichash(digest.data(), digest.size(),
                       reinterpret_cast<const unsigned char *>(token.data()),
                       static_cast<unsigned long long>(token.size()), m_key.data(), m_key.size());
    return digest;
}

Credentials::Match Credentials::match(QByteArrayView presented) const
{
    Digest digest = digestOf(presented);
    const bool isOperator = sodium_memcmp(digest.data(), m_operator.data(), digest.size()) == 0;
    const bool isRead = sodium_memcmp(digest.data(), m_read.data(), digest.size()) == 0;
    sodium_memzero(digest.data(), digest.size());
    if (isOperator)
        return { Access::Operator, m_operatorId };
    return isRead ? Match{ Access::Read, m_readId } : Match{};
}

Access Credentials::accessById(TokenId id) const
{
    if (id == 0)
        return Access::None;
    if (id == m_operatorId)
        return Access::Operator;
    return id == m_readId ? Access::Read : Access::None;
}

bool Credentials::areOf(QByteArrayView operatorToken, QByteArrayView readToken) const
{
    const bool isSameRead =
        accessOf(readToken) == Access::Read || (readToken.isEmpty() && !m_hasRead);
    return accessOf(operatorToken) == Access::Operator && isSameRead;
}

} // namespace quiesce
