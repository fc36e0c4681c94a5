// SPDX-License-Identifier: GPL-3.0-only
// The health routes of both listeners: /livez, /readyz, /startupz.
#pragma once

#include <QList>
#include <QString>
#include <functional>
#include <optional>

namespace quiesce {

class HttpServer;
class Lifecycle;

/// What readiness depends on besides the lifecycle.
///
/// Thread: event loop. A check answers at once and gives the reason when it fails.
class Health final
{
public:
    using Check = std::function<std::optional<QString>()>;

    explicit Health(const Lifecycle &lifecycle)
        : m_lifecycle(lifecycle)
    { }

    void addReadinessCheck(const QString &name, Check check);

    /// What to say beside the checks of /readyz?verbose, one line each; it changes no answer.
    void addNotes(const QString &name, std::function<QStringList()> notes);

    /// Adds the routes; the Health must outlive the server's requests.
    void addRoutes(HttpServer &server) const;

private:
    struct NamedCheck
    {
        QString name;
        Check check;
    };
    struct Finding
    {
        QString name;
        std::optional<QString> failure;
    };

    [[nodiscard]] QList<Finding> live() const;
    [[nodiscard]] QList<Finding> started() const;
    [[nodiscard]] QList<Finding> ready() const;
    [[nodiscard]] QString noteLines() const;

    const Lifecycle &m_lifecycle;
    struct NamedNotes
    {
        QString name;
        std::function<QStringList()> notes;
    };

    QList<NamedCheck> m_checks;
    QList<NamedNotes> m_notes;
};

} // namespace quiesce
