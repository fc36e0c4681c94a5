// SPDX-License-Identifier: GPL-3.0-only
// AMQP's tables of arguments, put together for one call.
#pragma once

#include "service/jobs/broker/rabbitmq/rabbitmqc.h"
#include "service/jobs/broker/rabbitmq/rabbittext.h"

#include <array>

namespace quiesce {

/// One row. Texts and tables are not copied: what they are in must outlive the call.
[[nodiscard]] inline amqp_table_entry_t entry(const char *key, const QByteArray &text)
{
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(key);
    made.value.kind = AMQP_FIELD_KIND_UTF8;
    made.value.value.bytes = toAmqp(text);
    return made;
}

[[nodiscard]] inline amqp_table_entry_t entry(const char *key, qint64 number)
{
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(key);
    made.value.kind = AMQP_FIELD_KIND_I64;
    made.value.value.i64 = number;
    return made;
}

[[nodiscard]] inline amqp_table_entry_t entry(const char *key, const amqp_table_t &table)
{
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(key);
    made.value.kind = AMQP_FIELD_KIND_TABLE;
    made.value.value.table = table;
    return made;
}

[[nodiscard]] inline amqp_table_entry_t capability(const char *key)
{
    amqp_table_entry_t made{};
    made.key = amqp_cstring_bytes(key);
    made.value.kind = AMQP_FIELD_KIND_BOOLEAN;
    made.value.value.boolean = 1;
    return made;
}

template <size_t N>
[[nodiscard]] amqp_table_t toTable(std::array<amqp_table_entry_t, N> &entries)
{
    return { static_cast<int>(N), entries.data() };
}

} // namespace quiesce
