// SPDX-License-Identifier: GPL-3.0-only
// The token files: the operator's is made on first start, and all are only read then.
#pragma once

#include "common/result.h"
#include "common/secret.h"
#include "common/settings.h"

#include <QString>

namespace quiesce {

enum class AdminToken : unsigned char { WasThere, Made };

/// Makes sure that the file exists: 256 random bits as 64 hexadecimal digits and a newline, mode
/// 0600. It appears complete and private, or not at all. A file that is there is left as it is, and
/// not looked into: readAdminTokens() does.
/// @error why it cannot be made or opened.
[[nodiscard]] Result<AdminToken, QString> ensureAdminToken(const QString &path);

/// The tokens as they are in the files.
struct AdminTokens
{
    Secret operatorToken;
    Secret readToken; ///< empty when there is no such file in the settings
};

/// Why a token file gives no token. It names the file, and says nothing of what is in it.
struct TokenFault
{
    enum class Kind : unsigned char {
        Unreadable, ///< the system refuses: a matter of the machine
        Unusable, ///< it is not what a token file must be: a matter of its owner
    };
    Kind kind = Kind::Unusable;
    QString reason;
};

inline constexpr qsizetype kShortestToken = 16;
inline constexpr qsizetype kLongestToken = 1'024; ///< the whole file

/// Reads one token: the file's content without white space at its end.
///
/// The file must be a regular one that keeps a secret: see secretFileFault(). The token must be
/// kShortestToken bytes or longer, all of them such as a bearer token has (RFC 6750 section 2.1):
/// letters, digits, -._~+/ and = at its end.
[[nodiscard]] Result<Secret, TokenFault> readToken(const QString &path);

inline constexpr qsizetype kLongestPassword = 1'024; ///< the whole file

/// Reads a password for another service from a file like a token's: its content without line ends
/// at its end, of whatever bytes but NUL.
[[nodiscard]] Result<Secret, TokenFault> readPassword(const QString &path);

/// Reads those that the settings name. They must differ.
[[nodiscard]] Result<AdminTokens, TokenFault> readAdminTokens(const AdminSettings &settings);

/// Reads the token of /v1/jobs, which must be none of the operators'; empty when the settings name
/// no file.
[[nodiscard]] Result<Secret, TokenFault> readJobsToken(const JobSettings &settings,
                                                       const AdminTokens &others);

} // namespace quiesce
