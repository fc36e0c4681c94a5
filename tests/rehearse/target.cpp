// SPDX-License-Identifier: GPL-3.0-only
// Only literal loopback addresses get through here: this tool makes load.
#include "tests/rehearse/target.h"

#include "tests/rehearse/filedescriptor.h"

#include <QFile>
#include <QUrl>
#include <algorithm>
#include <arpa/inet.h>
#include <random>
#include <sys/socket.h>

using namespace Qt::StringLiterals;

namespace quiesce::rehearse {

namespace {

constexpr quint32 kLoopbackNet = 127;
constexpr int kFirstPort = 10'240;

sockaddr_in ipv4(quint32 hostOrderAddress, quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(hostOrderAddress);
    return address;
}

int lastPortBelowEphemeral()
{
    QFile range(u"/proc/sys/net/ipv4/ip_local_port_range"_s);
    if (!range.open(QIODevice::ReadOnly))
        return 32'767;
    const int first = range.readAll().simplified().split(' ').first().toInt();
    return first > kFirstPort + 1'000 ? first - 1 : 65'535;
}

bool isFree(quint16 port)
{
    const FileDescriptor probe(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const int yes = 1;
    ::setsockopt(probe.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const sockaddr_in address = ipv4(INADDR_ANY, port);
    return ::bind(probe.number(), reinterpret_cast<const sockaddr *>(&address), sizeof address)
        == 0;
}

std::string head(const QByteArray &method, const Target &target, const QByteArray &path,
                 Connection connection)
{
    QByteArray head = method + ' ' + path + " HTTP/1.1\r\nHost: "_ba + target.authority
        + "\r\nUser-Agent: quiesce-rehearse\r\n"_ba;
    if (connection == Connection::Close)
        head += "Connection: close\r\n";
    return head.toStdString();
}

} // namespace

Result<Target, QString> Target::fromUrl(const QString &url, quint16 pickedPort)
{
    QString filled = url;
    filled.replace(kPortPlaceholder, QString::number(pickedPort));
    const QUrl parsed(filled, QUrl::StrictMode);
    if (!parsed.isValid() || parsed.scheme() != "http"_L1 || parsed.port() <= 0)
        return Failure{ u"%1 is not of the form http://127.0.0.1:PORT/path"_s.arg(url) };
    in_addr address{};
    const QByteArray host =
        parsed.host() == "localhost"_L1 ? "127.0.0.1"_ba : parsed.host().toLatin1();
    if (::inet_pton(AF_INET, host.constData(), &address) != 1
        || ntohl(address.s_addr) >> 24 != kLoopbackNet)
        return Failure{ u"%1 is not an IPv4 loopback address"_s.arg(parsed.host()) };
    const auto port = static_cast<quint16>(parsed.port());
    const QByteArray path =
        parsed.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority | QUrl::RemoveFragment);
    return Target{ .address = ipv4(ntohl(address.s_addr), port),
                   .authority = host + ':' + QByteArray::number(port),
                   .path = path.isEmpty() || path.startsWith('?') ? '/' + path : path };
}

bool isRequestPath(QStringView path)
{
    return path.startsWith(u'/')
        && std::ranges::all_of(path, [](QChar c) { return c > u' ' && c < u'\x7f'; });
}

std::string getRequest(const Target &target, const QByteArray &path, Connection connection)
{
    return head("GET", target, path, connection) + "\r\n";
}

std::string postRequest(const Target &target, qint64 bodyBytes, Connection connection)
{
    return head("POST", target, target.path, connection)
        + "Content-Type: application/octet-stream\r\nContent-Length: " + std::to_string(bodyBytes)
        + "\r\n\r\n" + std::string(static_cast<std::size_t>(bodyBytes), 'q');
}

std::string jsonRequest(const Target &target, const QByteArray &json, Connection connection)
{
    return head("POST", target, target.path, connection)
        + "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size())
        + "\r\n\r\n" + json.toStdString();
}

Result<quint16, QString> pickFreePort()
{
    // Not from --seed: two rehearsals with one seed may run side by side.
    std::random_device random;
    std::uniform_int_distribution<int> ports(kFirstPort, lastPortBelowEphemeral());
    for (int attempt = 0; attempt < 1'000; ++attempt) {
        if (const auto port = static_cast<quint16>(ports(random)); isFree(port))
            return port;
    }
    return Failure{ u"no free port found"_s };
}

} // namespace quiesce::rehearse
