// SPDX-License-Identifier: GPL-3.0-only
// Secret: see the header.
#include "common/secret.h"

#include <cstring>

namespace quiesce {

void wipe(QByteArray &bytes)
{
    if (!bytes.isEmpty() && bytes.isDetached())
        ::explicit_bzero(bytes.data(), static_cast<size_t>(bytes.size()));
    bytes.clear();
}

} // namespace quiesce
