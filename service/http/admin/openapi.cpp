// SPDX-License-Identifier: GPL-3.0-only
// The OpenAPI document: see the header.
#include "service/http/admin/openapi.h"

#include "service/http/httpserver.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>

/// Outside every namespace, as Q_INIT_RESOURCE wants it: a static library's resources are dropped
/// by the linker unless somebody names them.
static void initResources()
{
    Q_INIT_RESOURCE(quiesce_http);
}

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

/// "/requests/{id}" of "/requests/<arg>", with the name that the document has for it.
QString findPath(const QJsonObject &paths, const QString &pattern)
{
    static const QRegularExpression placeholder(u"\\{[^}]*\\}"_s);
    for (const QString &path : paths.keys()) {
        if (QString(path).replace(placeholder, u"<arg>"_s) == pattern)
            return path;
    }
    return {};
}

QStringList verbsOf(QHttpServerRequest::Methods methods)
{
    using Method = QHttpServerRequest::Method;
    QStringList verbs;
    for (const auto &[method, verb] :
         { std::pair(Method::Get, "get"_L1), std::pair(Method::Post, "post"_L1),
           std::pair(Method::Put, "put"_L1), std::pair(Method::Patch, "patch"_L1),
           std::pair(Method::Delete, "delete"_L1) }) {
        if (methods.testFlag(method))
            verbs.append(verb);
    }
    return verbs;
}

QJsonObject undescribed(const QString &pattern)
{
    QJsonArray parameters;
    for (int i = 1; i <= pattern.count(u"<arg>"_s); ++i) {
        parameters.append(QJsonObject{
            { u"name"_s, u"arg%1"_s.arg(i) },
            { u"in"_s, u"path"_s },
            { u"required"_s, true },
            { u"schema"_s, QJsonObject{ { u"type"_s, u"string"_s } } },
        });
    }
    return {
        { u"summary"_s, u"A route of this program; it is not described."_s },
        { u"tags"_s, QJsonArray{ u"traffic"_s } },
        { u"security"_s, QJsonArray() },
        { u"parameters"_s, parameters },
        { u"responses"_s,
          QJsonObject{
              { u"default"_s,
                QJsonObject{ { u"description"_s, u"Whatever the program answers."_s } } } } },
    };
}

QString numbered(QString pattern)
{
    for (int i = 1; pattern.contains(u"<arg>"_s); ++i)
        pattern.replace(pattern.indexOf(u"<arg>"_s), 5, u"{arg%1}"_s.arg(i));
    return pattern;
}

/// Adds to `paths` what `described` says of a server's routes.
void addRoutes(QJsonObject &paths, const HttpServer &server, const QJsonObject &described)
{
    for (const HttpServer::Route &route : server.routes()) {
        QString path = findPath(described, route.pattern);
        const QJsonObject known = described.value(path).toObject();
        if (path.isEmpty())
            path = numbered(route.pattern);
        QJsonObject item = paths.value(path).toObject();
        for (const QString &verb : verbsOf(route.methods))
            item.insert(verb,
                        known.contains(verb) ? known.value(verb)
                                             : QJsonValue(undescribed(route.pattern)));
        if (known.contains("parameters"_L1))
            item.insert("parameters"_L1, known.value("parameters"_L1));
        QJsonArray servers = item.value("servers"_L1).toArray();
        const QJsonObject here{ { u"url"_s, server.url() } };
        if (!servers.contains(here))
            servers.append(here);
        item.insert("servers"_L1, servers);
        paths.insert(path, item);
    }
}

} // namespace

QByteArray stockOpenApi()
{
    initResources();
    QFile file(u":/quiesce/openapi.json"_s);
    const bool isOpen = file.open(QIODevice::ReadOnly);
    Q_ASSERT(isOpen);
    return isOpen ? file.readAll() : QByteArray();
}

QJsonObject openApiOf(const HttpServer &traffic, const HttpServer &admin,
                      const QJsonObject &trafficPaths)
{
    QJsonObject document = QJsonDocument::fromJson(stockOpenApi()).object();
    const QJsonObject stock = document.value("paths"_L1).toObject();
    QJsonObject ofTraffic = trafficPaths;
    for (const QString &path : stock.keys()) {
        const bool isOurs = path == "/livez"_L1 || path == "/readyz"_L1 || path == "/startupz"_L1
            || path.startsWith("/v1/jobs"_L1);
        if (isOurs)
            ofTraffic.insert(path, stock.value(path));
    }
    QJsonObject paths;
    addRoutes(paths, traffic, ofTraffic);
    addRoutes(paths, admin, stock);
    document.insert("paths"_L1, paths);
    document.remove("servers"_L1);
    return document;
}

} // namespace quiesce
