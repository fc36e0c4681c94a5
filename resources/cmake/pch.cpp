// SPDX-License-Identifier: GPL-3.0-only
// Nothing: a target that a precompiled header belongs to must have a source.
