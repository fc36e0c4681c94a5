// SPDX-License-Identifier: GPL-3.0-only
// The form of connections.json: see the header.
#include "console/client/discovery/bookmarkfile.h"

#include "console/client/discovery/specrules.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMaxIdLength = 128;

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::BookmarkFile)
};

QJsonObject toJson(const InstanceSpec &spec)
{
    QJsonObject json{
        { u"id"_s, spec.id },
        { u"name"_s, spec.name },
        { u"url"_s, spec.adminUrl.toString() },
        { u"group"_s, spec.group },
        { u"environment"_s, toText(spec.environment) },
        { u"token"_s, toText(spec.tokenSource) },
        { u"readOnly"_s, spec.isReadOnly },
    };
    if (!spec.tokenFile.isEmpty())
        json.insert("tokenFile"_L1, spec.tokenFile);
    if (!spec.caFile.isEmpty())
        json.insert("caFile"_L1, spec.caFile);
    if (!spec.pinnedSha256.isEmpty())
        json.insert("pinnedSha256"_L1, QString::fromLatin1(spec.pinnedSha256.toHex()));
    return json;
}

QLatin1StringView keyOf(SpecFault::Field field)
{
    switch (field) {
    case SpecFault::Field::Name:
        return "name"_L1;
    case SpecFault::Field::Group:
        return "group"_L1;
    case SpecFault::Field::Url:
        return "url"_L1;
    case SpecFault::Field::TokenFile:
        return "tokenFile"_L1;
    case SpecFault::Field::CaFile:
        return "caFile"_L1;
    case SpecFault::Field::Pin:
        break;
    }
    return "pinnedSha256"_L1;
}

using Reading = Result<InstanceSpec, QString>;

Failure<QString> faultAt(QLatin1StringView key, const QString &text)
{
    return Failure{ Text::tr("%1: %2").arg(key, text) };
}

/// Of what is plain text; the rest is read below.
InstanceSpec plainFields(const QJsonObject &json)
{
    InstanceSpec spec;
    spec.id = json.value("id"_L1).toString();
    spec.name = json.value("name"_L1).toString();
    spec.group = json.value("group"_L1).toString();
    spec.tokenFile = json.value("tokenFile"_L1).toString();
    spec.caFile = json.value("caFile"_L1).toString();
    spec.isReadOnly = json.value("readOnly"_L1).toBool();
    return spec;
}

Reading specFromJson(const QJsonObject &json)
{
    InstanceSpec spec = plainFields(json);
    if (spec.id.isEmpty() || spec.id.size() > kMaxIdLength)
        return faultAt("id"_L1, Text::tr("missing, or too long"));
    const auto url = adminUrlFromUserInput(json.value("url"_L1).toString());
    if (!url)
        return faultAt("url"_L1, Text::tr("not the http or https address of a host"));
    const auto environment = environmentFromText(json.value("environment"_L1).toString());
    if (!environment)
        return faultAt("environment"_L1, Text::tr("unknown word"));
    const auto source = tokenSourceFromText(json.value("token"_L1).toString());
    if (!source)
        return faultAt("token"_L1, Text::tr("unknown word"));
    const QString pin = json.value("pinnedSha256"_L1).toString();
    const auto pinned = pin.isEmpty() ? std::optional(QByteArray()) : pinFromText(pin);
    if (!pinned)
        return faultAt("pinnedSha256"_L1, Text::tr("not a SHA-256 of 64 hex digits"));
    spec.adminUrl = *url;
    spec.environment = *environment;
    spec.tokenSource = *source;
    spec.pinnedSha256 = *pinned;
    if (const auto fault = formFaultOf(spec))
        return faultAt(keyOf(fault->field), fault->text);
    return spec;
}

QString placeOf(const QByteArray &json, qsizetype offset)
{
    const QByteArray before = json.left(offset);
    const qsizetype column = before.size() - before.lastIndexOf('\n');
    return Text::tr("line %1, column %2").arg(before.count('\n') + 1).arg(column);
}

BookmarkReading readConnections(const QJsonArray &connections)
{
    BookmarkReading reading;
    QSet<QString> ids;
    for (qsizetype i = 0; i < connections.size(); ++i) {
        const Reading spec = specFromJson(connections.at(i).toObject());
        if (!spec) {
            reading.faults.append(Text::tr("connections[%1].%2").arg(i).arg(spec.error()));
        } else if (ids.contains(spec.value().id)) {
            reading.faults.append(Text::tr("connections[%1].id: there twice").arg(i));
        } else {
            ids.insert(spec.value().id);
            reading.specs.append(spec.value());
        }
    }
    return reading;
}

} // namespace

QByteArray bookmarksToJson(const QList<InstanceSpec> &specs)
{
    QJsonArray connections;
    for (const InstanceSpec &spec : specs)
        connections.append(toJson(spec));
    return QJsonDocument(QJsonObject{ { u"version"_s, kBookmarkFileVersion },
                                      { u"connections"_s, connections } })
        .toJson();
}

Result<BookmarkReading, QString> bookmarksFromJson(const QByteArray &json)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(json, &error);
    if (error.error != QJsonParseError::NoError)
        return Failure{ Text::tr("%1: %2").arg(placeOf(json, error.offset), error.errorString()) };
    const QJsonObject object = document.object();
    const qint64 version = object.value("version"_L1).toInteger(-1);
    if (version > kBookmarkFileVersion)
        return Failure{ Text::tr("version: %1 is of a later console").arg(version) };
    if (version < 1)
        return Failure{ Text::tr("version: missing, or not a number") };
    if (!object.value("connections"_L1).isArray())
        return Failure{ Text::tr("connections: missing, or not a list") };
    const QJsonArray connections = object.value("connections"_L1).toArray();
    if (connections.size() > kMaxBookmarks)
        return Failure{ Text::tr("connections: more than %L1").arg(kMaxBookmarks) };
    return readConnections(connections);
}

} // namespace quiesce
