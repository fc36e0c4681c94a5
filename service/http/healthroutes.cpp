// SPDX-License-Identifier: GPL-3.0-only
// The health routes: see the header.
#include "service/http/healthroutes.h"

#include "service/core/lifecycle.h"
#include "service/http/httpserver.h"
#include "service/http/qtcompat.h"

#include <QUrlQuery>
#include <algorithm>

namespace quiesce {

namespace {

QString lineOf(const QString &name, const std::optional<QString> &failure)
{
    return failure ? QStringLiteral("[-] %1: %2\n").arg(name, *failure)
                   : QStringLiteral("[+] %1: ok\n").arg(name);
}

/// 200 "ok", or 503 and the first reason; verbose: each check on a line.
template <typename Findings>
QHttpServerResponse answer(const Findings &findings, const QString &notes, bool isVerbose)
{
    const auto failed = std::find_if(findings.begin(), findings.end(), [](const auto &finding) {
        return finding.failure.has_value();
    });
    QString text;
    if (isVerbose) {
        for (const auto &finding : findings)
            text += lineOf(finding.name, finding.failure);
        text += notes;
    } else if (failed != findings.end()) {
        text = *failed->failure + QLatin1Char('\n');
    } else {
        text = QStringLiteral("ok\n");
    }
    QHttpServerResponse response("text/plain; charset=utf-8", text.toUtf8(),
                                 failed == findings.end()
                                     ? QHttpServerResponse::StatusCode::Ok
                                     : QHttpServerResponse::StatusCode::ServiceUnavailable);
    qtcompat::addField(response, "Cache-Control", "no-store");
    return response;
}

} // namespace

void Health::addReadinessCheck(const QString &name, Check check)
{
    m_checks.append({ name, std::move(check) });
}

void Health::addNotes(const QString &name, std::function<QStringList()> notes)
{
    m_notes.append({ name, std::move(notes) });
}

QString Health::noteLines() const
{
    QString lines;
    for (const NamedNotes &named : m_notes) {
        for (const QString &note : named.notes())
            lines += QStringLiteral("[!] %1: %2\n").arg(named.name, note);
    }
    return lines;
}

void Health::addRoutes(HttpServer &server) const
{
    const auto add = [&](const QString &path, QList<Finding> (Health::*findings)() const) {
        server.route(
            path, QHttpServerRequest::Method::Get,
            [this, findings](const QHttpServerRequest &request) {
                const bool isVerbose = request.query().hasQueryItem(QStringLiteral("verbose"));
                const bool hasNotes = isVerbose && findings == &Health::ready;
                return answer((this->*findings)(), hasNotes ? noteLines() : QString(), isVerbose);
            });
    };
    add(QStringLiteral("/livez"), &Health::live);
    add(QStringLiteral("/readyz"), &Health::ready);
    add(QStringLiteral("/startupz"), &Health::started);
}

QList<Health::Finding> Health::live() const
{
    // That this is answered at all is what liveness means; it stays so during a drain, or the
    // kubelet would kill what is still finishing.
    return { { QStringLiteral("event-loop"), {} } };
}

QList<Health::Finding> Health::started() const
{
    std::optional<QString> failure;
    if (m_lifecycle.state() == LifecycleState::Starting)
        failure = QStringLiteral("still starting");
    return { { QStringLiteral("started"), failure } };
}

QList<Health::Finding> Health::ready() const
{
    std::optional<QString> failure;
    if (!m_lifecycle.isReady())
        failure = QString(toWire(m_lifecycle.state()));
    QList<Finding> findings{ { QStringLiteral("lifecycle"), failure } };
    for (const NamedCheck &check : m_checks)
        findings.append({ check.name, check.check() });
    return findings;
}

} // namespace quiesce
