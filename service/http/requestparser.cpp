// SPDX-License-Identifier: GPL-3.0-only
// RequestParser: see the header.
#include "service/http/requestparser.h"

#include "common/secret.h"
#include "service/http/bytewriter.h"

#include <algorithm>
#include <array>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <string_view>

namespace quiesce {

namespace beast = boost::beast;
namespace http = boost::beast::http;

namespace {

QByteArrayView viewOf(beast::string_view text)
{
    return { text.data(), static_cast<qsizetype>(text.size()) };
}

bool isServedMethod(http::verb verb)
{
    switch (verb) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post:
    case http::verb::put:
    case http::verb::delete_:
    case http::verb::patch:
    case http::verb::options:
        return true;
    default:
        return false;
    }
}

/// What names, IPv4, bracketed IPv6 and ports are made of: letters, digits and these marks.
constexpr std::array<bool, 256> kHostBytes = [] {
    std::array<bool, 256> bytes{};
    for (const char mark : std::string_view("-._~%!$&'()*+,;=:[]"))
        bytes[static_cast<unsigned char>(mark)] = true;
    for (unsigned char c = '0'; c <= '9'; ++c)
        bytes[c] = true;
    for (unsigned char c = 'a'; c <= 'z'; ++c)
        bytes[c] = bytes[c - 'a' + 'A'] = true;
    return bytes;
}();

/// Whether the value is a plausible Host: uri-host [ ":" port ] (RFC 9110 section 7.2).
bool isHost(QByteArrayView host)
{
    return std::all_of(host.begin(), host.end(),
                       [](char c) { return kHostBytes[static_cast<unsigned char>(c)]; });
}

bool hasBrokenEscape(QByteArrayView target)
{
    const auto isHex = [&](qsizetype i) {
        return i < target.size() && std::isxdigit(static_cast<unsigned char>(target[i]));
    };
    for (qsizetype i = target.indexOf('%'); i >= 0; i = target.indexOf('%', i + 1)) {
        if (!isHex(i + 1) || !isHex(i + 2))
            return true;
    }
    return false;
}

Refusal refusalOf(int status, const char *code, const char *detail)
{
    return { .status = status, .code = code, .detail = QString::fromLatin1(detail) };
}

Refusal refusalOf(const beast::error_code &error)
{
    if (error == http::error::body_limit)
        return refusalOf(413, "body-too-large", "The request body exceeds limits.max_body_bytes.");
    if (error == http::error::header_limit)
        return refusalOf(431, "header-too-large", "The head exceeds limits.max_header_bytes.");
    if (error == http::error::bad_content_length)
        return refusalOf(400, "bad-length", "The length of the body is not told by one number.");
    if (error == http::error::bad_transfer_encoding)
        return refusalOf(400, "bad-coding", "Transfer-Encoding does not say how the body ends.");
    return { .status = 400,
             .code = "bad-request",
             .detail = QStringLiteral("The request is malformed: %1.")
                           .arg(QString::fromStdString(error.message())) };
}

/// Whether the size that a chunk line begins with is zero, in however many digits.
bool isLastChunk(QByteArrayView line)
{
    qsizetype i = 0;
    while (i < line.size() && line[i] == '0')
        ++i;
    return i > 0 && i < line.size() && !std::isxdigit(static_cast<unsigned char>(line[i]));
}

HeadGuard::Limits guardLimits(const LimitSettings &limits)
{
    return { .uriBytes = limits.maxUriBytes, .headBytes = limits.maxHeaderBytes };
}

} // namespace

QByteArrayView ParsedRequest::path() const
{
    const qsizetype end = target.indexOf('?');
    return QByteArrayView(target).first(end < 0 ? target.size() : end);
}

/// Beast's parser with our checks in its callbacks; builds the canonical request as it goes.
class RequestParser::Message final : public http::basic_parser<true>
{
public:
    Message(const LimitSettings &limits, Credentials credentials)
        : m_limits(limits)
        , m_credentials(credentials)
    {
        body_limit(static_cast<std::uint64_t>(limits.maxBodyBytes));
        header_limit(static_cast<std::uint32_t>(limits.maxUriBytes + limits.maxHeaderBytes + 128));
        m_fields.reserve(256);
    }

    ParsedRequest request;
    bool isExpectingContinue = false;

    enum class Ahead : unsigned char { Ready, Incomplete, Wrong };
    /// Looks at the line before a chunk, and at the trailer behind the last one, before Beast does:
    /// Beast checks neither before its end is there, and 1.74 fails an assertion of its own when it
    /// is shown "0 CR LF CR" in two parts. So it gets them whole.
    [[nodiscard]] Ahead lookAhead(QByteArrayView rest);
    [[nodiscard]] Refusal refusalFor(const beast::error_code &error) const;

private:
    void on_request_impl(http::verb verb, beast::string_view method, beast::string_view target,
                         int version, beast::error_code &error) override;
    void on_response_impl(int, beast::string_view, int, beast::error_code &) override { }
    void on_field_impl(http::field field, beast::string_view name, beast::string_view value,
                       beast::error_code &error) override;
    /// Overrides what newer Boost tells of a trailer field by; older tells by on_field_impl(). Read
    /// past, never merged into the head (RFC 9110 section 6.5.1).
    // NOLINTNEXTLINE(modernize-use-override)
    void on_trailer_field_impl(http::field field, beast::string_view, beast::string_view,
                               beast::error_code &error);
    void on_header_impl(beast::error_code &error) override;
    void on_body_init_impl(const boost::optional<std::uint64_t> &length,
                           beast::error_code &error) override;
    std::size_t on_body_impl(beast::string_view bytes, beast::error_code &error) override;
    void on_chunk_header_impl(std::uint64_t size, beast::string_view extensions,
                              beast::error_code &error) override;
    std::size_t on_chunk_body_impl(std::uint64_t rest, beast::string_view bytes,
                                   beast::error_code &error) override;
    void on_finish_impl(beast::error_code &error) override;

    void refuse(beast::error_code &error, int status, const char *code, const char *detail);
    void takeTarget(QByteArrayView target, beast::error_code &error);
    void takeHost(QByteArrayView value, beast::error_code &error);
    void takeTransferEncoding(QByteArrayView value, beast::error_code &error);
    void takeContentLength(QByteArrayView value, beast::error_code &error);
    void takeExpect(QByteArrayView value, beast::error_code &error);
    void takeAuthorization(QByteArrayView value, beast::error_code &error);
    void makeHead();

    const LimitSettings &m_limits;
    Credentials m_credentials;
    std::optional<Refusal> m_refusal;
    QByteArray m_fields;
    qint64 m_chunkRest = 0; ///< bytes of the current chunk still to come
    http::verb m_verb = http::verb::unknown;
    bool m_isAbsolute = false; ///< the target named the host, which then wins over the Host field
    bool m_hasHost = false;
    bool m_hasAuthorization = false;
    bool m_hasLength = false;
    bool m_hasCoding = false;
    bool m_hasHeader = false;
    bool m_isInsideChunks = false; ///< one has been begun, so CR LF precedes the next chunk line
};

void RequestParser::Message::refuse(beast::error_code &error, int status, const char *code,
                                    const char *detail)
{
    m_refusal = refusalOf(status, code, detail);
    error = http::error::bad_value; // any error stops Beast; the refusal says which it was
}

Refusal RequestParser::Message::refusalFor(const beast::error_code &error) const
{
    if (m_refusal)
        return *m_refusal;
    // Beast looks at these two fields before on_field_impl() does.
    const bool isOfLength =
        error == http::error::bad_content_length || error == http::error::bad_transfer_encoding;
    if (isOfLength && !m_hasHeader && (m_hasLength || m_hasCoding))
        return refusalOf(400,
                         m_hasLength || error == http::error::bad_content_length ? "bad-length"
                                                                                 : "bad-coding",
                         "Content-Length or Transfer-Encoding stands beside another of the two.");
    if (m_hasHeader && m_hasCoding && error != http::error::body_limit)
        return refusalOf(400, "bad-chunk", "The chunked body is malformed.");
    return refusalOf(error);
}

RequestParser::Message::Ahead RequestParser::Message::lookAhead(QByteArrayView rest)
{
    if (!m_hasHeader || !m_hasCoding || m_chunkRest > 0)
        return Ahead::Ready;
    if (m_isInsideChunks) {
        const QByteArrayView end = rest.first(std::min<qsizetype>(2, rest.size()));
        if (!QByteArrayView("\r\n").startsWith(end)) {
            m_refusal = refusalOf(400, "bad-chunk", "A chunk does not end with CR LF.");
            return Ahead::Wrong;
        }
        rest = rest.sliced(end.size());
    }
    m_refusal = checkChunkLine(rest);
    if (m_refusal)
        return Ahead::Wrong;
    const qsizetype lineEnd = rest.indexOf('\n');
    if (lineEnd < 0)
        return Ahead::Incomplete;
    if (!isLastChunk(rest))
        return Ahead::Ready;
    HeadGuard guard(guardLimits(m_limits), HeadGuard::Start::FieldLines);
    const bool isComplete = guard.feed(rest.sliced(lineEnd + 1));
    m_refusal = guard.refusal();
    if (m_refusal)
        return Ahead::Wrong;
    return isComplete ? Ahead::Ready : Ahead::Incomplete;
}

void RequestParser::Message::on_request_impl(http::verb verb, beast::string_view method,
                                             beast::string_view target, int version,
                                             beast::error_code &error)
{
    m_verb = verb;
    request.method = viewOf(method).toByteArray();
    request.isHead = verb == http::verb::head;
    request.isHttp10 = version == 10;
    if (!isServedMethod(verb))
        return refuse(error, 501, "method-unknown", "No resource here knows this method.");
    takeTarget(viewOf(target), error);
}

void RequestParser::Message::takeTarget(QByteArrayView target, beast::error_code &error)
{
    if (hasBrokenEscape(target))
        return refuse(error, 400, "bad-target", "The request target has a broken percent escape.");
    if (target.startsWith('/') || (target == "*" && m_verb == http::verb::options)) {
        request.target = target.toByteArray();
        return;
    }
    // absolute-form (RFC 9112 section 3.2.2): a server must accept it, and its host wins
    const qsizetype schemeEnd = target.indexOf("://");
    const QByteArray scheme =
        target.first(std::max<qsizetype>(schemeEnd, 0)).toByteArray().toLower();
    if (scheme != "http" && scheme != "https")
        return refuse(error, 400, "bad-target",
                      "The request target is in none of the forms known.");
    const QByteArrayView rest = target.sliced(schemeEnd + 3);
    qsizetype authorityEnd = 0;
    while (authorityEnd < rest.size() && rest[authorityEnd] != '/' && rest[authorityEnd] != '?')
        ++authorityEnd;
    const QByteArrayView authority = rest.first(authorityEnd);
    if (authority.isEmpty() || authority.contains('@') || !isHost(authority))
        return refuse(error, 400, "bad-target", "The request target names no proper host.");
    m_isAbsolute = true;
    request.host = authority.toByteArray();
    request.target = rest.sliced(authorityEnd).toByteArray();
    if (!request.target.startsWith('/'))
        request.target.prepend('/');
}

/// Older Boost refuses these two by itself, as it does in the head.
void RequestParser::Message::on_trailer_field_impl(http::field field, beast::string_view,
                                                   beast::string_view, beast::error_code &error)
{
    if (field == http::field::content_length || field == http::field::transfer_encoding)
        refuse(error, 400, "bad-chunk", "A trailer holds Content-Length or Transfer-Encoding.");
}

void RequestParser::Message::on_field_impl(http::field field, beast::string_view name,
                                           beast::string_view value, beast::error_code &error)
{
    if (m_hasHeader)
        return on_trailer_field_impl(field, name, value, error);
    const QByteArrayView text = viewOf(value);
    switch (field) {
    case http::field::host:
        return takeHost(text, error);
    case http::field::content_length:
        return takeContentLength(text, error);
    case http::field::transfer_encoding:
        return takeTransferEncoding(text, error);
    case http::field::expect:
        return takeExpect(text, error);
    case http::field::connection: // they speak about this hop only
    case http::field::keep_alive:
    case http::field::proxy_connection:
    case http::field::te:
    case http::field::trailer:
    case http::field::upgrade:
    case http::field::http2_settings:
        return;
    case http::field::authorization:
        takeAuthorization(text, error);
        if (m_credentials == Credentials::KeptBack)
            return;
        break;
    case http::field::origin:
        request.hasOrigin = true;
        request.origin = text.toByteArray();
        break;
    default:
        if (beast::iequals(name, "traceparent"))
            request.traceParent = text.toByteArray();
        else if (beast::iequals(name, "last-event-id"))
            request.lastEventId = text.toByteArray();
    }
    constexpr qsizetype kMarks = 4;
    ByteWriter(m_fields, static_cast<qsizetype>(name.size() + value.size()) + kMarks)
        .put(viewOf(name))
        .put(": ")
        .put(text)
        .put("\r\n");
}

void RequestParser::Message::takeHost(QByteArrayView value, beast::error_code &error)
{
    if (m_hasHost)
        return refuse(error, 400, "bad-host", "There is more than one Host field.");
    if (!isHost(value))
        return refuse(error, 400, "bad-host", "The Host field is not a host.");
    m_hasHost = true;
    if (!m_isAbsolute)
        request.host = value.toByteArray();
}

void RequestParser::Message::takeAuthorization(QByteArrayView value, beast::error_code &error)
{
    if (std::exchange(m_hasAuthorization, true))
        return refuse(error, 400, "bad-authorization",
                      "There is more than one Authorization field.");
    request.authorization = value.toByteArray();
}

void RequestParser::Message::takeContentLength(QByteArrayView value, beast::error_code &error)
{
    if (m_hasLength)
        return refuse(error, 400, "bad-length", "There is more than one Content-Length field.");
    m_hasLength = true;
    for (const char c : value) {
        if (c < '0' || c > '9')
            return refuse(error, 400, "bad-length", "Content-Length is not one number.");
    }
}

void RequestParser::Message::takeTransferEncoding(QByteArrayView value, beast::error_code &error)
{
    if (m_hasCoding)
        return refuse(error, 400, "bad-coding", "There is more than one Transfer-Encoding field.");
    m_hasCoding = true;
    if (request.isHttp10)
        return refuse(error, 400, "bad-coding", "HTTP/1.0 has no Transfer-Encoding.");
    const QByteArray coding = value.toByteArray().toLower();
    if (coding.contains(',') && coding.contains("chunked") && !coding.trimmed().endsWith("chunked"))
        return refuse(error, 400, "bad-coding", "chunked is not the last transfer coding.");
    if (coding != "chunked")
        return refuse(error, 501, "coding-unknown",
                      "No transfer coding but chunked is spoken here.");
}

void RequestParser::Message::takeExpect(QByteArrayView value, beast::error_code &error)
{
    if (value.compare("100-continue", Qt::CaseInsensitive) != 0)
        return refuse(error, 417, "expectation-unknown", "Only 100-continue can be expected here.");
    isExpectingContinue = !request.isHttp10; // RFC 9110 section 10.1.1: ignored from HTTP/1.0
}

void RequestParser::Message::on_header_impl(beast::error_code &error)
{
    m_hasHeader = true;
    request.wantsKeepAlive = keep_alive();
    request.announced = static_cast<qint64>(content_length().value_or(0));
    request.hasUpload = m_hasCoding || request.announced > 0;
    if (m_hasLength && m_hasCoding)
        return refuse(error, 400, "bad-length", "Content-Length stands beside Transfer-Encoding.");
    if (!m_hasHost && !request.isHttp10)
        return refuse(error, 400, "bad-host", "There is no Host field.");
    isExpectingContinue = isExpectingContinue && request.hasUpload;
}

void RequestParser::Message::on_body_init_impl(const boost::optional<std::uint64_t> &length,
                                               beast::error_code &)
{
    // What is announced is not yet sent: reserve for it only as far as it costs little.
    constexpr std::uint64_t kTrusted = 64 * 1024;
    if (length)
        request.body.reserve(static_cast<qsizetype>(std::min(*length, kTrusted)));
}

std::size_t RequestParser::Message::on_body_impl(beast::string_view bytes, beast::error_code &)
{
    request.body.append(bytes.data(), static_cast<qsizetype>(bytes.size()));
    return bytes.size();
}

void RequestParser::Message::on_chunk_header_impl(std::uint64_t size, beast::string_view,
                                                  beast::error_code &)
{
    m_isInsideChunks = true;
    m_chunkRest = static_cast<qint64>(size);
}

std::size_t RequestParser::Message::on_chunk_body_impl(std::uint64_t rest, beast::string_view bytes,
                                                       beast::error_code &)
{
    const std::size_t size = std::min<std::size_t>(bytes.size(), rest);
    request.body.append(bytes.data(), static_cast<qsizetype>(size));
    m_chunkRest = static_cast<qint64>(rest - size);
    return size;
}

void RequestParser::Message::on_finish_impl(beast::error_code &)
{
    makeHead();
}

void RequestParser::Message::makeHead()
{
    constexpr qsizetype kMarks = 80; // what stands between, and the length
    ByteWriter head(request.head,
                    request.method.size() + request.target.size() + request.host.size()
                        + m_fields.size() + kMarks);
    // QHttpServer would look for a route for HEAD; the answer to one is that of GET without its
    // body (RFC 9110 section 9.3.2), so it sees GET and the connection leaves the body out.
    head.put(request.isHead ? QByteArrayView("GET") : request.method).put(" ");
    head.put(request.target).put(" HTTP/1.1\r\n");
    head.put("Host: ").put(request.host).put("\r\n").put(m_fields);
    if (request.hasUpload)
        head.put("Content-Length: ").put(QByteArray::number(request.body.size())).put("\r\n");
    head.put("\r\n");
}

RequestParser::RequestParser(const LimitSettings &limits, Credentials credentials)
    : m_limits(limits)
    , m_credentials(credentials)
    , m_guard(guardLimits(limits), HeadGuard::Start::RequestLine)
{ }

RequestParser::~RequestParser() = default;

void RequestParser::beginMessage()
{
    m_guard = HeadGuard(guardLimits(m_limits), HeadGuard::Start::RequestLine);
    m_message = std::make_unique<Message>(m_limits, m_credentials);
    m_state = State::Head;
}

qint64 RequestParser::feed(QByteArrayView bytes)
{
    switch (m_state) {
    case State::Fresh: {
        // RFC 9112 section 2.2: empty lines before a request line are passed over.
        qint64 skipped = 0;
        while (skipped + 1 < bytes.size() && bytes[skipped] == '\r' && bytes[skipped + 1] == '\n')
            skipped += 2;
        const QByteArrayView rest = bytes.sliced(skipped);
        if (rest.isEmpty() || (rest.size() == 1 && rest[0] == '\r'))
            return skipped;
        beginMessage();
        return skipped + feedHead(rest);
    }
    case State::Head:
        return feedHead(bytes);
    case State::Body:
        return feedMessage(bytes);
    case State::Complete:
    case State::Refused:
        break;
    }
    return 0;
}

qint64 RequestParser::feedHead(QByteArrayView bytes)
{
    if (!m_guard.feed(bytes.sliced(m_guard.scanned()))) {
        if (m_guard.refusal())
            refuse(*m_guard.refusal());
        return 0;
    }
    m_state = State::Body;
    return feedMessage(bytes);
}

qint64 RequestParser::feedMessage(QByteArrayView bytes)
{
    qint64 consumed = 0;
    while (consumed < bytes.size()) {
        beast::error_code error;
        const QByteArrayView rest = bytes.sliced(consumed);
        switch (m_message->lookAhead(rest)) {
        case Message::Ahead::Ready:
            break;
        case Message::Ahead::Incomplete:
            return consumed;
        case Message::Ahead::Wrong:
            refuse(m_message->refusalFor({}));
            return consumed;
        }
        consumed += static_cast<qint64>(
            m_message->put({ rest.data(), static_cast<std::size_t>(rest.size()) }, error));
        if (error == http::error::need_more)
            return consumed;
        if (error) {
            refuse(m_message->refusalFor(error));
            return consumed;
        }
        if (m_message->is_done()) {
            m_state = State::Complete;
            return consumed;
        }
    }
    return consumed;
}

void RequestParser::refuse(const Refusal &refusal)
{
    m_refusal = refusal;
    m_state = State::Refused;
}

bool RequestParser::takeExpectation()
{
    return m_state == State::Body && std::exchange(m_message->isExpectingContinue, false);
}

const ParsedRequest &RequestParser::request() const
{
    static const ParsedRequest kNone;
    return m_message ? m_message->request : kNone;
}

void RequestParser::forgetAuthorization()
{
    if (m_message)
        wipe(m_message->request.authorization);
}

void RequestParser::dropBody()
{
    if (m_message)
        m_message->request.body = {};
}

ParsedRequest RequestParser::takeRequest()
{
    ParsedRequest request = std::move(m_message->request);
    m_message.reset();
    m_state = State::Fresh;
    return request;
}

QByteArray traceIdOf(QByteArrayView traceParent)
{
    constexpr qsizetype kLength = 55; // 00-<32>-<16>-<2>
    if (traceParent.size() != kLength || !traceParent.startsWith("00-") || traceParent[35] != '-'
        || traceParent[52] != '-')
        return {};
    const QByteArrayView id = traceParent.sliced(3, 32);
    bool isZero = true;
    for (const char c : id) {
        if (!((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return {};
        isZero = isZero && c == '0';
    }
    return isZero ? QByteArray() : id.toByteArray();
}

} // namespace quiesce
