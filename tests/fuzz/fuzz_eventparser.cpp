// SPDX-License-Identifier: GPL-3.0-only
// Any bytes into the event stream parser: it never fails, and what it tells does not depend on the
// cuts.
#include "common/eventstream/eventparser.h"
#include "tests/fuzz/pieces.h"

#include <cstdint>

using namespace quiesce;
using quiesce::test::Pieces;
using quiesce::test::require;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    EventParser whole;
    const QList<ServerEvent> events = whole.feed(bytes);
    EventParser cut;
    QList<ServerEvent> cutEvents;
    for (Pieces pieces(bytes); !pieces.isEmpty();)
        cutEvents << cut.feed(pieces.take());
    require(events == cutEvents, "the events do not depend on the cuts");
    require(whole.isFaulty() == cut.isFaulty(), "the verdict does not depend on the cuts");
    require(whole.lastEventId() == cut.lastEventId(), "nor does the last id");
    require(whole.retry() == cut.retry(), "nor does the time to wait");
    qsizetype told = 0;
    for (const ServerEvent &event : events) {
        require(!event.type.isEmpty(), "an event has a type");
        require(!event.type.contains('\n') && !event.id.contains('\n'), "they are one line each");
        require(!event.id.contains('\0'), "an id has no NUL");
        told += event.data.size();
    }
    require(told <= bytes.size(), "there is no more data than bytes");
    return 0;
}
