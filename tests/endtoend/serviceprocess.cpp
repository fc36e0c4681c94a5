// SPDX-License-Identifier: GPL-3.0-only
// ServiceProcess: see the header.
#include "tests/endtoend/serviceprocess.h"

namespace quiesce::test {

ServiceProcess::ServiceProcess(const QString &program)
    : ProgramUnderTest(program.isEmpty() ? QStringLiteral(QUIESCED_PROGRAM) : program)
{ }

} // namespace quiesce::test
