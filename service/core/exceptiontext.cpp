// SPDX-License-Identifier: GPL-3.0-only
// What an exception says.
#include "service/core/exceptiontext.h"

#include <QException>

namespace quiesce {

QString textOf(const std::exception_ptr &exception)
{
    try {
        std::rethrow_exception(exception);
    } catch (const QUnhandledException &wrapped) {
        return wrapped.exception() ? textOf(wrapped.exception())
                                   : QStringLiteral("unknown exception");
    } catch (const std::exception &failure) {
        return QString::fromUtf8(failure.what());
    } catch (...) {
        return QStringLiteral("unknown exception");
    }
}

} // namespace quiesce
