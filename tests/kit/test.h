// SPDX-License-Identifier: GPL-3.0-only
// Quiesce::Test as a whole: what a shutdown test with Qt Test includes (<Quiesce/Test>).
#pragma once

#include "tests/kit/adminclient.h" // IWYU pragma: export
#include "tests/kit/hostedservice.h" // IWYU pragma: export
#include "tests/kit/jobsclient.h" // IWYU pragma: export
#include "tests/kit/lastingport.h" // IWYU pragma: export
#include "tests/kit/loopbackclient.h" // IWYU pragma: export
#include "tests/kit/programundertest.h" // IWYU pragma: export
#include "tests/kit/stopchecks.h" // IWYU pragma: export
#include "tests/kit/stoptrial.h" // IWYU pragma: export
