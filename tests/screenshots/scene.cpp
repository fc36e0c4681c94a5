// SPDX-License-Identifier: GPL-3.0-only
// Scene: see the header.
#include "tests/screenshots/scene.h"

#include <QNetworkReply>
#include <QNetworkRequest>
#include <algorithm>

namespace quiesce::shots {

using namespace Qt::StringLiterals;

Scene::Scene(const QList<Part> &parts, QObject *parent)
    : QObject(parent)
{
    for (const Part &part : parts) {
        auto actor = std::make_unique<Actor>();
        actor->part = part;
        m_actors.push_back(std::move(actor));
    }
    m_beat.setInterval(20);
    connect(&m_beat, &QTimer::timeout, this, &Scene::keepBusy);
}

bool Scene::start()
{
    for (const auto &actor : m_actors) {
        actor->process = std::make_unique<test::ServiceProcess>();
        actor->process->setEnvironment(u"QUIESCE_SERVICE_NAME"_s, actor->part.name);
        if (!actor->process->start(actor->part.flags))
            return false;
    }
    m_beat.start();
    return true;
}

QList<InstanceSpec> Scene::specs() const
{
    QList<InstanceSpec> specs;
    for (const auto &actor : m_actors) {
        InstanceSpec spec;
        spec.id = u"shot-%1"_s.arg(specs.size());
        spec.name = actor->part.name;
        spec.adminUrl = QUrl(u"http://127.0.0.1:%1"_s.arg(actor->process->adminPort()));
        spec.environment = actor->part.environment;
        spec.tokenSource = TokenSource::File;
        spec.tokenFile = actor->process->dataDir() + "/admin-token"_L1;
        specs.append(spec);
    }
    return specs;
}

Scene::Actor &Scene::actor(const QString &name)
{
    const auto found = std::find_if(m_actors.begin(), m_actors.end(),
                                    [&name](const auto &one) { return one->part.name == name; });
    Q_ASSERT(found != m_actors.end());
    return **found;
}

test::ServiceProcess &Scene::service(const QString &name)
{
    return *actor(name).process;
}

QUrl Scene::urlOf(const Actor &actor, const QString &path)
{
    return QUrl(u"http://127.0.0.1:%1%2"_s.arg(actor.process->trafficPort()).arg(path));
}

void Scene::hold(const QString &name, const QString &path)
{
    // A connection of its own: a manager has six a host, which the load uses.
    auto *http = new QNetworkAccessManager(this);
    QNetworkReply *reply = http->get(QNetworkRequest(urlOf(actor(name), path)));
    connect(reply, &QNetworkReply::finished, http, &QObject::deleteLater);
}

void Scene::submitJob(const QString &name, const QByteArray &job)
{
    QNetworkRequest request(urlOf(actor(name), u"/v1/jobs"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    QNetworkReply *reply = m_http.post(request, job);
    connect(reply, &QNetworkReply::finished, reply, &QObject::deleteLater);
}

void Scene::keepBusy()
{
    for (const auto &actor : m_actors) {
        if (actor->process->isRunning() && actor->inFlight < actor->part.requestsAtATime)
            ask(*actor);
    }
}

void Scene::ask(Actor &actor)
{
    ++actor.inFlight;
    const int ms = 20 + ++m_asked * 37 % 160;
    QNetworkReply *reply = m_http.get(QNetworkRequest(urlOf(actor, u"/work?ms=%1"_s.arg(ms))));
    connect(reply, &QNetworkReply::finished, this, [&actor, reply] {
        --actor.inFlight;
        reply->deleteLater();
    });
}

} // namespace quiesce::shots
