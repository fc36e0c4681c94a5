// SPDX-License-Identifier: GPL-3.0-only
// Reading connection strings with libpq itself.
#include "service/jobs/postgresql/postgresoptions.h"

#include <libpq-fe.h>
#include <memory>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Default
{
    const char *name;
    const char *value;
};

/// A dead peer is noticed in some ten seconds: after 5 silent ones by three probes, and when what
/// was sent is not acknowledged.
constexpr Default kDefaults[] = {
    { "application_name", "quiesced" },       { "connect_timeout", "5" },
    { "target_session_attrs", "read-write" }, { "keepalives_idle", "5" },
    { "keepalives_interval", "2" },           { "keepalives_count", "3" },
    { "tcp_user_timeout", "10000" },
};

struct FreeOptions
{
    void operator()(PQconninfoOption *options) const { PQconninfoFree(options); }
};

QByteArray valueOf(const PostgresOptions &options, QByteArrayView name)
{
    for (const auto &[key, value] : options.parameters) {
        if (key == name)
            return value;
    }
    return {};
}

/// As a value of a connection string.
QString quoted(const QByteArray &value)
{
    QString text = QString::fromUtf8(value);
    text.replace(u'\\', "\\\\"_L1).replace(u'\'', "\\'"_L1);
    return u'\'' + text + u'\'';
}

} // namespace

QString PostgresOptions::place() const
{
    const auto orElse = [this](QByteArrayView name, const char *otherwise) {
        const QByteArray value = valueOf(*this, name);
        return QString::fromUtf8(value.isEmpty() ? QByteArray(otherwise) : value);
    };
    return u"%1:%2/%3"_s.arg(orElse("host", "localhost"), orElse("port", "5432"),
                             orElse("dbname", "(default)"));
}

SqlTarget PostgresOptions::target() const
{
    SqlTarget target;
    QStringList others;
    for (const auto &[name, value] : parameters) {
        if (name == "dbname")
            target.database = QString::fromUtf8(value);
        else if (name == "user")
            target.user = QString::fromUtf8(value);
        else
            others.append(QString::fromLatin1(name) + u'=' + quoted(value));
    }
    target.options = others.join(u';');
    target.password = QString::fromUtf8(password.view());
    return target;
}

Result<PostgresOptions, QString> parsePostgresOptions(const QString &text)
{
    char *complaint = nullptr;
    const std::unique_ptr<PQconninfoOption, FreeOptions> parsed(
        PQconninfoParse(text.toUtf8().constData(), &complaint));
    if (!parsed) {
        QString reason = complaint ? QString::fromUtf8(complaint).trimmed() : QString();
        PQfreemem(complaint);
        reason.replace(text, u"\u2026"_s); // there may be a password in it
        return Failure{ reason.isEmpty() ? u"it cannot be read"_s : reason };
    }
    PostgresOptions options;
    for (const PQconninfoOption *option = parsed.get(); option->keyword; ++option) {
        if (!option->val || !*option->val)
            continue;
        const QByteArray name(option->keyword);
        const QByteArray value(option->val);
        if (name == "password")
            return Failure{ u"a password does not belong in it: settings are shown"_s };
        if (value.contains(';') && name != "dbname" && name != "user")
            return Failure{ u"%1: \";\" cannot be passed on"_s.arg(QString::fromLatin1(name)) };
        options.parameters.append(std::pair(name, value));
    }
    for (const Default &each : kDefaults) {
        if (valueOf(options, each.name).isEmpty())
            options.parameters.append(std::pair(QByteArray(each.name), QByteArray(each.value)));
    }
    return options;
}

} // namespace quiesce
