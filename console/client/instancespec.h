// SPDX-License-Identifier: GPL-3.0-only
// InstanceSpec: which instance is meant and how it is reached; never a secret.
#pragma once

#include <QByteArray>
#include <QString>
#include <QUrl>
#include <optional>

namespace quiesce {

/// How much care an instance wants.
enum class Environment : unsigned char {
    None, ///< not said
    Development,
    Staging,
    Production, ///< changes ask for the name to be typed
};

/// The names in files: empty, `development`, `staging`, `production`.
[[nodiscard]] QString toText(Environment environment);
[[nodiscard]] std::optional<Environment> environmentFromText(QStringView text);

/// Where the token for an instance comes from. The token itself is never part of a spec.
enum class TokenSource : unsigned char {
    File, ///< `tokenFile`, read at each connect
    Keyring, ///< the desktop's, under `id`
    Ask, ///< asked for once a run, kept in memory only
};
[[nodiscard]] QString toText(TokenSource source);
[[nodiscard]] std::optional<TokenSource> tokenSourceFromText(QStringView text);

/// One instance as the console is told of it: a bookmark, a local runtime file, or `--connect`.
struct InstanceSpec
{
    QString id; ///< stable over runs: a bookmark's UUID, or the admin URL of a local one
    QString name; ///< for people; the snapshot's name where this is empty
    QUrl adminUrl; ///< http or https, without path
    QString group;
    Environment environment = Environment::None;
    TokenSource tokenSource = TokenSource::Ask;
    QString tokenFile; ///< absolute
    QString caFile; ///< PEM; only these are trusted then
    QByteArray pinnedSha256; ///< of the server's certificate, DER; only this one is trusted then
    bool isReadOnly = false; ///< the operator wants no change from here, whatever the token may
    bool isLocal = false; ///< found by its runtime file
    qint64 pid = 0; ///< of a local one

    friend bool operator==(const InstanceSpec &, const InstanceSpec &) = default;
};

/// "https://host:port" of what people type ("host:9090", "http://host:9090/"); none when it is not
/// an http(s) address of a host.
[[nodiscard]] std::optional<QUrl> adminUrlFromUserInput(const QString &text);

} // namespace quiesce
