// SPDX-License-Identifier: GPL-3.0-only
// Bookmarks: see the header.
#include "console/client/discovery/bookmarks.h"

#include "console/client/discovery/configfile.h"
#include "console/client/discovery/specrules.h"

#include <QUuid>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

InstanceSpec asBookmark(InstanceSpec spec)
{
    spec.id = QUuid::createUuid().toString(QUuid::WithoutBraces);
    spec.isLocal = false;
    spec.pid = 0;
    if (spec.tokenSource != TokenSource::File)
        spec.tokenFile.clear();
    return spec;
}

bool hasAdmin(const QList<InstanceSpec> &specs, const QUrl &url)
{
    return std::any_of(specs.begin(), specs.end(),
                       [&](const InstanceSpec &spec) { return isSameAdmin(spec.adminUrl, url); });
}

} // namespace

Bookmarks::Bookmarks(QString path, QObject *parent)
    : QObject(parent)
    , m_path(std::move(path))
{ }

Result<Done, QString> Bookmarks::load()
{
    const QString fault = read();
    return fault.isEmpty() ? Result<Done, QString>(Done{}) : startAnew(fault);
}

/// What is wrong with the file; empty when nothing is, or there is none.
QString Bookmarks::read()
{
    const auto content = readWhole(m_path, kMaxFileBytes);
    if (!content)
        return content.error();
    if (content.value().isEmpty())
        return {};
    const auto reading = bookmarksFromJson(content.value());
    if (reading)
        m_specs = reading.value().specs;
    const QString place = reading ? reading.value().faults.value(0) : reading.error();
    return place.isEmpty() ? QString() : tr("%1: %2").arg(m_path, place);
}

/// With what could be read, in a new file.
Result<Done, QString> Bookmarks::startAnew(const QString &fault)
{
    const QString other = setAside(m_path);
    m_mayWrite = !other.isEmpty();
    if (!m_mayWrite)
        return Failure{ tr("%1. It is left as it is, and no change can be kept.").arg(fault) };
    if (!m_specs.isEmpty()) {
        if (auto kept = keep(m_specs); !kept)
            return kept;
    }
    return Failure{ tr("%1. The file is now %2.").arg(fault, other) };
}

std::optional<InstanceSpec> Bookmarks::find(const QString &id) const
{
    const qsizetype at = indexOf(id);
    return at < 0 ? std::nullopt : std::optional(m_specs[at]);
}

Result<QString, QString> Bookmarks::add(InstanceSpec spec)
{
    spec = asBookmark(std::move(spec));
    if (const auto fault = formFaultOf(spec))
        return Failure{ fault->text };
    if (hasAdmin(m_specs, spec.adminUrl))
        return Failure{ tr("There is a connection to %1.").arg(spec.adminUrl.toString()) };
    QList<InstanceSpec> specs = m_specs;
    specs.append(spec);
    if (const auto kept = keep(specs); !kept)
        return Failure{ kept.error() };
    Q_EMIT added(spec);
    return spec.id;
}

Result<Done, QString> Bookmarks::replace(const InstanceSpec &spec)
{
    const qsizetype at = indexOf(spec.id);
    if (at < 0)
        return Failure{ tr("There is no such connection any more.") };
    if (const auto fault = formFaultOf(spec))
        return Failure{ fault->text };
    QList<InstanceSpec> specs = m_specs;
    specs.removeAt(at);
    if (hasAdmin(specs, spec.adminUrl))
        return Failure{ tr("There is a connection to %1.").arg(spec.adminUrl.toString()) };
    specs.insert(at, spec);
    if (auto kept = keep(specs); !kept)
        return kept;
    Q_EMIT changed(spec);
    return Done{};
}

Result<Done, QString> Bookmarks::remove(const QString &id)
{
    const qsizetype at = indexOf(id);
    if (at < 0)
        return Done{};
    QList<InstanceSpec> specs = m_specs;
    specs.removeAt(at);
    if (auto kept = keep(specs); !kept)
        return kept;
    Q_EMIT removed(id);
    return Done{};
}

Result<Bookmarks::ImportTally, QString> Bookmarks::importFrom(const QString &path)
{
    const auto content = readWhole(path, kMaxFileBytes);
    if (!content)
        return Failure{ content.error() };
    const auto reading = bookmarksFromJson(content.value());
    if (!reading)
        return Failure{ tr("%1: %2").arg(path, reading.error()) };
    ImportTally tally{ .faults = reading.value().faults };
    QList<InstanceSpec> specs = m_specs;
    for (InstanceSpec spec : reading.value().specs) {
        if (hasAdmin(specs, spec.adminUrl)) {
            ++tally.known;
            continue;
        }
        if (spec.tokenSource == TokenSource::File)
            spec.tokenSource = TokenSource::Ask;
        specs.append(asBookmark(std::move(spec)));
        ++tally.added;
    }
    if (const auto kept = keep(specs); !kept)
        return Failure{ kept.error() };
    for (qsizetype i = specs.size() - tally.added; i < specs.size(); ++i)
        Q_EMIT added(specs[i]);
    return tally;
}

Result<Done, QString> Bookmarks::exportTo(const QString &path) const
{
    return writePrivately(path, bookmarksToJson(m_specs));
}

Result<Done, QString> Bookmarks::keep(const QList<InstanceSpec> &specs)
{
    if (specs.size() > kMaxBookmarks)
        return Failure{ tr("At most %L1 connections can be kept.").arg(kMaxBookmarks) };
    if (!m_mayWrite)
        return Failure{ tr("%1 is damaged and could not be set aside.").arg(m_path) };
    if (auto written = writePrivately(m_path, bookmarksToJson(specs)); !written)
        return written;
    m_specs = specs;
    return Done{};
}

qsizetype Bookmarks::indexOf(const QString &id) const
{
    const auto at = std::find_if(m_specs.begin(), m_specs.end(),
                                 [&](const InstanceSpec &spec) { return spec.id == id; });
    return at == m_specs.end() ? -1 : at - m_specs.begin();
}

} // namespace quiesce
