// SPDX-License-Identifier: GPL-3.0-only
// secretFileFault(): see the header.
#include "service/core/secretfile.h"

#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;

std::optional<QString> secretFileFault(const struct stat &info)
{
    constexpr mode_t kPermissions = 07777;
    const bool isRoots = info.st_uid == 0;
    if (!isRoots && info.st_uid != ::geteuid())
        return u"belongs to another user (uid %1); chown it to the service's"_s.arg(info.st_uid);
    const mode_t foreign = isRoots ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
    if ((info.st_mode & foreign) == 0)
        return std::nullopt;
    return u"is open to others (mode %1); chmod it to 0600, or to 0640 when it is root's"_s.arg(
        info.st_mode & kPermissions, 4, 8, QChar(u'0'));
}

} // namespace quiesce
