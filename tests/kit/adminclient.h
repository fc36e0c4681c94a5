// SPDX-License-Identifier: GPL-3.0-only
// AdminClient: an operator's script: asks the admin listener with a token, and reads JSON.
#pragma once

#include "tests/kit/serviceundertest.h"

#include <QJsonArray>
#include <QJsonObject>

namespace quiesce::test {

struct AdminAnswer
{
    int status = 0;
    QJsonObject body;
    QMap<QByteArray, QByteArray> fields;

    [[nodiscard]] QString code() const { return body.value(QLatin1String("code")).toString(); }
};

/// Asks the admin listener of a service under test, which needs not outlive it.
///
/// Thread:  the one it is made on.
/// Blocks:  each request, on a connection of its own, at most kLongestWait. Status 0: no answer.
class AdminClient final
{
public:
    /// Takes the port and the operator's token from the service, which must have been started.
    explicit AdminClient(const ServiceUnderTest &service);

    [[nodiscard]] AdminAnswer get(const QByteArray &path) const;
    AdminAnswer post(const QByteArray &path, const QJsonObject &body = {}) const;
    AdminAnswer remove(const QByteArray &path) const;
    /// Any request to `/admin/v1<path>`, or to `path` itself when it begins with "//".
    AdminAnswer ask(const QByteArray &method, const QByteArray &path, const QByteArray &body = {},
                    const QByteArray &fields = {}) const;
    [[nodiscard]] const QByteArray &token() const { return m_token; }

private:
    quint16 m_port;
    Waiting m_waiting;
    QByteArray m_token;
};

} // namespace quiesce::test
