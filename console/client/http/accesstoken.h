// SPDX-License-Identifier: GPL-3.0-only
// AccessToken: the bearer token of one instance, given or read from its file.
#pragma once

#include "common/result.h"
#include "common/secret.h"

#include <QByteArray>
#include <QDateTime>
#include <QString>

namespace quiesce {

/// Thread: event loop. Owns: the token, wiped when it goes.
/// Limits: a file of kMaxFileBytes; a token is one line of visible ASCII.
class AccessToken final
{
public:
    static constexpr qint64 kMaxFileBytes = 4 * 1024;

    /// An empty one takes it away.
    void set(Secret token) { m_token = std::move(token); }
    /// Reads it anew. When that fails the last one is gone.
    /// @error a sentence for people that names the file and never its content.
    [[nodiscard]] Result<Done, QString> readFile(const QString &path);

    [[nodiscard]] bool isEmpty() const { return m_token.isEmpty(); }
    /// Whether it can stand in a header field.
    [[nodiscard]] bool isWellFormed() const;
    /// The value of an Authorization field.
    [[nodiscard]] QByteArray authorization() const;

    /// Tells whether a file has become another since it was looked at last.
    class FileMark final
    {
    public:
        [[nodiscard]] static FileMark of(const QString &path);
        friend bool operator==(const FileMark &, const FileMark &) = default;

    private:
        QDateTime m_changedAt; ///< of its metadata, which a new mode changes as well
        qint64 m_size = -1;
    };

private:
    Secret m_token;
};

} // namespace quiesce
