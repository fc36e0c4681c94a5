// SPDX-License-Identifier: GPL-3.0-only
// What a connection must look like, for the dialog that edits one and the file that keeps them.
#pragma once

#include "console/client/instancespec.h"

namespace quiesce {

inline constexpr qsizetype kMaxNameLength = 64;
inline constexpr qsizetype kMaxUrlLength = 2'048;
inline constexpr qsizetype kMaxPathLength = 4'096;

/// The first thing that is wrong with a spec, and where.
struct SpecFault
{
    enum class Field : unsigned char { Name, Group, Url, TokenFile, CaFile, Pin };
    Field field = Field::Name;
    QString text; ///< for people
};

/// What can be judged without looking at other files.
[[nodiscard]] std::optional<SpecFault> formFaultOf(const InstanceSpec &spec);
/// The same, and that the files it names can be read.
[[nodiscard]] std::optional<SpecFault> faultOf(const InstanceSpec &spec);

/// The 32 bytes of a SHA-256 as people paste it: 64 hex digits, colons or spaces between them as
/// they like. None when it is not one.
[[nodiscard]] std::optional<QByteArray> pinFromText(const QString &text);
/// "AB:CD:…", as openssl writes it; empty for none.
[[nodiscard]] QString pinText(const QByteArray &pin);

/// Whether both are the same listener: scheme, host in any case, port with its default;
/// `localhost` is 127.0.0.1.
[[nodiscard]] bool isSameAdmin(const QUrl &a, const QUrl &b);

} // namespace quiesce
