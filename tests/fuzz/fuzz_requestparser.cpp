// SPDX-License-Identifier: GPL-3.0-only
// Any bytes into the request parser: it never fails, and its verdict does not depend on the cuts.
#include "service/http/requestparser.h"
#include "tests/fuzz/pieces.h"

#include <QByteArrayList>
#include <cstdint>

using namespace quiesce;
using quiesce::test::Pieces;
using quiesce::test::require;
using State = RequestParser::State;

namespace {

/// A parser fed as a connection feeds it; what came of each request, in order.
class Reader final
{
public:
    Reader()
        : m_parser([] {
            LimitSettings limits;
            limits.maxUriBytes = 256;
            limits.maxHeaderBytes = 1'024;
            limits.maxBodyBytes = 512;
            return limits;
        }())
    { }

    void feed(QByteArrayView piece)
    {
        m_rest.append(piece);
        while (m_parser.state() != State::Refused) {
            const qint64 consumed = m_parser.feed(m_rest);
            require(consumed >= 0 && consumed <= m_rest.size(), "it consumes what it was given");
            m_rest.remove(0, consumed);
            if (m_parser.state() == State::Refused)
                verdicts << QByteArray::number(m_parser.refusal().status) + m_parser.refusal().code;
            if (m_parser.state() != State::Complete)
                return;
            take(m_parser.takeRequest());
        }
    }
    [[nodiscard]] State state() const { return m_parser.state(); }

    QByteArrayList verdicts;

private:
    void take(const ParsedRequest &request)
    {
        require(request.body.size() <= 512, "a body is within its limit");
        require(request.head.endsWith("\r\n\r\n"), "a head ends with its empty line");
        require(request.head.indexOf("\r\n\r\n") == request.head.size() - 4, "a head has one end");
        require(request.head.count("\nHost: ") >= 1, "a head has a Host");
        require(!request.head.contains('\0'), "a head has no NUL");
        require(request.hasUpload || request.body.isEmpty(), "no body comes unannounced");
        verdicts << request.method + request.head + request.body;
    }

    RequestParser m_parser;
    QByteArray m_rest;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView bytes(data, static_cast<qsizetype>(size));
    Reader whole;
    whole.feed(bytes);
    Reader cut;
    for (Pieces pieces(bytes); !pieces.isEmpty();)
        cut.feed(pieces.take());
    require(whole.verdicts == cut.verdicts, "the verdicts do not depend on the cuts");
    require(whole.state() == cut.state(), "the state does not depend on the cuts");
    return 0;
}
