// SPDX-License-Identifier: GPL-3.0-only
// AdminClient: an operator's script: asks the admin listener with a token, and reads JSON.
#pragma once

#include "tests/endtoend/serviceprocess.h"

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

/// One request a connection. Blocks: each, at most kLongestWait.
class AdminClient final
{
public:
    /// Reads the operator's token from the service's data directory.
    explicit AdminClient(const ServiceProcess &service);

    [[nodiscard]] AdminAnswer get(const QByteArray &path) const;
    AdminAnswer post(const QByteArray &path, const QJsonObject &body = {}) const;
    AdminAnswer remove(const QByteArray &path) const;
    /// Any request to /admin/v1<path>, or to `path` itself when it begins with "//".
    AdminAnswer ask(const QByteArray &method, const QByteArray &path, const QByteArray &body = {},
                    const QByteArray &fields = {}) const;
    [[nodiscard]] const QByteArray &token() const { return m_token; }

private:
    quint16 m_port;
    QByteArray m_token;
};

} // namespace quiesce::test
