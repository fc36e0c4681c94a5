// SPDX-License-Identifier: GPL-3.0-only
// ServiceProcess: quiesced as a process of its own, or another program where a test names one.
#pragma once

#include "tests/kit/programundertest.h"

namespace quiesce::test {

/// ProgramUnderTest of this build's quiesced.
class ServiceProcess final : public ProgramUnderTest
{
public:
    /// `program` is quiesced when empty.
    explicit ServiceProcess(const QString &program = {});
};

} // namespace quiesce::test
