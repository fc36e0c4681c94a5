// SPDX-License-Identifier: GPL-3.0-only
// The registry of kinds.
#include "service/jobs/jobkinds.h"

#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

bool isLetter(QChar c)
{
    return c >= u'a' && c <= u'z';
}

bool isNameChar(QChar c)
{
    return isLetter(c) || (c >= u'0' && c <= u'9') || c == u'-' || c == u'_' || c == u'.';
}

bool isName(const QString &name)
{
    return !name.isEmpty() && name.size() <= JobKinds::kMaxNameLength && isLetter(name.front())
        && std::all_of(name.begin(), name.end(), isNameChar);
}

template <typename Entries>
auto place(Entries &entries, const QString &name)
{
    return std::lower_bound(
        entries.begin(), entries.end(), name,
        [](const auto &entry, const QString &wanted) { return entry->kind.name < wanted; });
}

} // namespace

JobKinds::JobKinds(const JobSettings &settings)
    : m_settings(settings)
{ }

Result<Done, QString> JobKinds::tryAdd(JobKind kind)
{
    if (!isName(kind.name))
        return Failure{ u"\"%1\" is no name for a kind of job"_s.arg(kind.name) };
    if (!kind.handler)
        return Failure{ u"the kind \"%1\" has no handler"_s.arg(kind.name) };
    if (find(kind.name))
        return Failure{ u"there is a kind \"%1\" already"_s.arg(kind.name) };
    if (m_entries.size() >= kMaxKinds)
        return Failure{ u"there are %1 kinds already"_s.arg(kMaxKinds) };
    if (kind.maxRunning <= 0)
        kind.maxRunning = m_settings.maxRunning;
    if (kind.timeout <= std::chrono::milliseconds(0))
        kind.timeout = m_settings.timeout;
    if (kind.maxAttempts <= 0)
        kind.maxAttempts = m_settings.maxAttempts;
    const auto at = place(m_entries, kind.name);
    m_entries.insert(at, std::make_unique<Entry>(Entry{ std::move(kind), 0, {} }));
    return Done{};
}

JobKinds::Entry *JobKinds::find(const QString &name) const
{
    const auto at = place(m_entries, name);
    return at != m_entries.end() && (*at)->kind.name == name ? at->get() : nullptr;
}

QStringList JobKinds::names() const
{
    QStringList names;
    for (const auto &entry : m_entries)
        names.append(entry->kind.name);
    return names;
}

QList<ClaimRequest::Places> JobKinds::freePlaces() const
{
    QList<ClaimRequest::Places> places;
    for (const auto &entry : m_entries) {
        if (entry->held < entry->kind.maxRunning)
            places.append({ entry->kind.name, entry->kind.maxRunning - entry->held });
    }
    return places;
}

} // namespace quiesce
