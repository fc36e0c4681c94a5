// SPDX-License-Identifier: GPL-3.0-only
// Scene: real services under light load, for the console to be photographed with.
#pragma once

#include "console/client/instancespec.h"
#include "tests/endtoend/serviceprocess.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <QTimer>
#include <memory>
#include <vector>

namespace quiesce::shots {

/// What is wanted of one service.
struct Part
{
    QString name;
    Environment environment = Environment::None;
    int requestsAtATime = 0; ///< kept in flight, of some 100 ms each
    QStringList flags = {};
};

/// Thread: the event loop's. Owns: the services, each a process of its own, and the load.
class Scene final : public QObject
{
    Q_OBJECT

public:
    explicit Scene(const QList<Part> &parts, QObject *parent = nullptr);

    /// False when one of them did not start.
    [[nodiscard]] bool start();
    /// Those of the services, as bookmarks with their token files.
    [[nodiscard]] QList<InstanceSpec> specs() const;
    [[nodiscard]] test::ServiceProcess &service(const QString &name);

    /// One request that takes so long, for a stop to wait for.
    void hold(const QString &name, const QString &path);
    void submitJob(const QString &name, const QByteArray &job);

private:
    struct Actor
    {
        Part part;
        std::unique_ptr<test::ServiceProcess> process;
        int inFlight = 0;
    };

    void keepBusy();
    void ask(Actor &actor);
    [[nodiscard]] Actor &actor(const QString &name);
    [[nodiscard]] static QUrl urlOf(const Actor &actor, const QString &path);

    std::vector<std::unique_ptr<Actor>> m_actors;
    QNetworkAccessManager m_http;
    QTimer m_beat;
    int m_asked = 0;
};

} // namespace quiesce::shots
