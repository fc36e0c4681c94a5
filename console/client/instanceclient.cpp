// SPDX-License-Identifier: GPL-3.0-only
// InstanceClient: its parts wired together. First the wiring, then calls, then the public side.
#include "console/client/instanceclient.h"

#include "console/client/http/answers.h"
#include "console/client/http/commandwire.h"
#include "console/client/link/linkkeeper.h"
#include "console/client/link/staterefresh.h"

#include <QPointer>
#include <algorithm>

namespace quiesce {

using namespace Qt::StringLiterals;

class InstanceClient::Private final
{
public:
    using TakeAnswer = std::function<void(const RestAnswer &)>;
    template <typename T>
    using Read = Result<T, FetchError> (*)(const RestAnswer &);

    Private(InstanceClient &client, InstanceSpec itsSpec, const Timing &itsTiming);

    void wire();
    void takeLink(const LinkStatus &link);
    void takeEvent(const QByteArray &type, const QJsonObject &payload);
    void takeState(const StateEvent &event);
    void takeOutcome(const CommandOutcome &outcome);
    void setRole(Role newRole);
    void fetchRole();

    /// `take` is called once, later, unless the context or the client goes first.
    void call(const HttpAsk &ask, int &counter, QObject *context, const TakeAnswer &take);
    template <typename T>
    void fetch(const HttpAsk &ask, QObject *context, Read<T> read, const Then<T> &then)
    {
        call(ask, fetches, context, [read, then](const RestAnswer &answer) { then(read(answer)); });
    }
    void cancelCalls();
    [[nodiscard]] std::optional<Problem> obstacle(int counter) const;

    InstanceClient &q;
    InstanceSpec spec;
    Timing timing;
    HttpAccess access;
    LinkKeeper keeper;
    StateRefresh refresh;
    Role role = Role::Unknown;
    int commands = 0; ///< outstanding
    int fetches = 0; ///< outstanding
    int roleQuestions = 0; ///< only the last one's answer counts
    bool wasLive = false;
    QObject calls; ///< their parent
};

InstanceClient::Private::Private(InstanceClient &client, InstanceSpec itsSpec,
                                 const Timing &itsTiming)
    : q(client)
    , spec(std::move(itsSpec))
    , timing(itsTiming)
    , access(spec.adminUrl)
    , keeper(spec, access, timing)
    , refresh(access, timing)
{
    timing.answerTimeout = std::min(timing.answerTimeout, kCommandTimeout);
}

void InstanceClient::Private::wire()
{
    connect(&keeper, &LinkKeeper::changed, &q, [this](const LinkStatus &link) { takeLink(link); });
    connect(&keeper, &LinkKeeper::snapshotReceived, &q,
            [this](const Snapshot &snapshot, bool isGap) {
                refresh.noteSnapshot(snapshot);
                Q_EMIT q.snapshotReceived(snapshot, isGap);
            });
    connect(
        &keeper, &LinkKeeper::received, &q,
        [this](const QByteArray &type, const QJsonObject &payload) { takeEvent(type, payload); });
    connect(&refresh, &StateRefresh::snapshotReceived, &q,
            [this](const Snapshot &snapshot) { Q_EMIT q.snapshotReceived(snapshot, false); });
}

void InstanceClient::Private::takeLink(const LinkStatus &link)
{
    const bool isLive = keeper.isLive();
    const bool hasGoneLive = isLive && !wasLive;
    wasLive = isLive;
    if (!isLive)
        refresh.rest();
    if (hasGoneLive)
        fetchRole();
    Q_EMIT q.linkChanged(link);
}

/// Types that are not known here are a newer service's.
void InstanceClient::Private::takeEvent(const QByteArray &type, const QJsonObject &payload)
{
    if (type == "stats") {
        if (const auto stats = statsFromJson(payload))
            Q_EMIT q.statsReceived(*stats);
    } else if (type == "state") {
        if (const auto event = stateEventFromJson(payload))
            takeState(*event);
    } else if (type == "request") {
        if (const auto event = requestEventFromJson(payload))
            Q_EMIT q.requestEnded(*event);
    } else if (type == "job") {
        if (const auto job = jobFromJson(payload))
            Q_EMIT q.jobChanged(*job);
    } else if (type == "log") {
        if (const auto event = logEventFromJson(payload))
            Q_EMIT q.logged(*event);
    } else if (type == "audit") {
        if (const auto event = auditEventFromJson(payload))
            Q_EMIT q.audited(*event);
    } else if (type == "report") {
        if (const auto report = stopReportFromJson(payload))
            Q_EMIT q.reported(*report);
    }
}

void InstanceClient::Private::takeState(const StateEvent &event)
{
    if (keeper.isLive())
        refresh.noteState(event);
    Q_EMIT q.stateChanged(event);
}

void InstanceClient::Private::takeOutcome(const CommandOutcome &outcome)
{
    if (outcome.kind == CommandOutcome::Kind::Accepted && keeper.isLive())
        refresh.lookSoon(); // of a deadline that was moved no event tells
    if (outcome.code == "read-only"_L1)
        setRole(Role::Reader);
}

void InstanceClient::Private::setRole(Role newRole)
{
    if (std::exchange(role, newRole) != newRole)
        Q_EMIT q.roleChanged(role);
}

void InstanceClient::Private::fetchRole()
{
    const int question = ++roleQuestions;
    fetch<Role>({ .path = u"/admin/v1/session"_s }, &q, &roleOf,
                [this, question](const Result<Role, FetchError> &answer) {
                    constexpr int kNotFound = 404;
                    if (question != roleQuestions)
                        return;
                    if (answer)
                        setRole(answer.value());
                    else if (answer.error().status == kNotFound) // a service that cannot tell
                        setRole(Role::Unknown);
                });
}

// Calls.

std::optional<Problem> InstanceClient::Private::obstacle(int counter) const
{
    if (!keeper.isStarted())
        return Problem{ .code = u"not-connected"_s,
                        .detail = InstanceClient::tr("There is no connection") };
    if (!access.isReady())
        return Problem{ .code = u"no-token"_s, .detail = InstanceClient::tr("A token is needed") };
    if (counter >= kMaxCommands)
        return Problem{ .code = u"too-many"_s,
                        .detail = InstanceClient::tr("Too much is being asked for already") };
    return std::nullopt;
}

void InstanceClient::Private::call(const HttpAsk &ask, int &counter, QObject *context,
                                   const TakeAnswer &take)
{
    const QPointer<QObject> guard(context);
    if (const std::optional<Problem> problem = obstacle(counter)) {
        const auto fail = [guard, take, problem] {
            if (guard)
                take({ .status = 0, .contentType = {}, .body = {}, .problem = *problem });
        };
        QMetaObject::invokeMethod(&calls, fail, Qt::QueuedConnection);
        return;
    }
    ++counter;
    const RestCall::Limits limits{ .timeout = timing.answerTimeout, .maxBytes = kMaxAnswerBytes };
    auto *rest = new RestCall(access, ask, limits, &calls);
    connect(rest, &RestCall::finished, rest,
            [rest, guard, take, &counter](const RestAnswer &answer) {
                --counter;
                rest->deleteLater();
                if (guard)
                    take(answer);
            });
}

void InstanceClient::Private::cancelCalls()
{
    for (RestCall *rest : calls.findChildren<RestCall *>(QString(), Qt::FindDirectChildrenOnly))
        rest->cancel();
}

// The public side.

InstanceClient::InstanceClient(InstanceSpec spec, QObject *parent)
    : InstanceClient(std::move(spec), Timing(), parent)
{ }

InstanceClient::InstanceClient(InstanceSpec spec, const Timing &timing, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(*this, std::move(spec), timing))
{
    d->wire();
}

InstanceClient::~InstanceClient()
{
    d->keeper.disconnect(this);
    d->refresh.disconnect(this);
    for (Command *command : findChildren<Command *>(QString(), Qt::FindDirectChildrenOnly)) {
        command->finish({ .kind = CommandOutcome::Kind::Failed,
                          .status = 0,
                          .code = u"not-connected"_s,
                          .detail = tr("The connection was given up before an answer came"),
                          .snapshot = {} });
    }
}

const InstanceSpec &InstanceClient::spec() const
{
    return d->spec;
}

const LinkStatus &InstanceClient::link() const
{
    return d->keeper.status();
}

Role InstanceClient::role() const
{
    return d->role;
}

void InstanceClient::setToken(Secret token)
{
    d->keeper.setToken(std::move(token));
    d->setRole(Role::Unknown);
    if (d->keeper.isLive())
        d->fetchRole();
}

void InstanceClient::start()
{
    d->keeper.start();
}

void InstanceClient::stop()
{
    d->keeper.stop();
    d->cancelCalls();
}

void InstanceClient::reconnectNow()
{
    d->keeper.reconnectNow();
}

void InstanceClient::setLooksClosely(bool isClose)
{
    d->refresh.setLooksClosely(isClose);
}

Command *InstanceClient::send(const CommandRequest &request)
{
    auto *command = new Command(request, this);
    d->call(askOf(request), d->commands, command, [this, command](const RestAnswer &answer) {
        const CommandOutcome outcome = outcomeOf(answer);
        const QPointer<InstanceClient> guard(this);
        command->finish(outcome);
        if (guard)
            d->takeOutcome(outcome);
    });
    return command;
}

namespace {

HttpAsk listAsk(const QString &path, int limit, const QString &after = {})
{
    QUrlQuery query;
    query.addQueryItem(u"limit"_s, QString::number(limit));
    if (!after.isEmpty())
        query.addQueryItem(u"after"_s, QString::fromLatin1(QUrl::toPercentEncoding(after)));
    return { .path = path, .query = query };
}

QString jobPath(const QString &id)
{
    return u"/admin/v1/jobs/"_s + QString::fromLatin1(QUrl::toPercentEncoding(id));
}

} // namespace

void InstanceClient::fetchReports(QObject *context, const Then<Page<StopReport>> &then, int limit)
{
    d->fetch<Page<StopReport>>(listAsk(u"/admin/v1/reports"_s, limit), context, &reportsOf, then);
}

void InstanceClient::fetchRequests(QObject *context, const Then<Page<Blocker>> &then, int limit)
{
    d->fetch<Page<Blocker>>(listAsk(u"/admin/v1/requests"_s, limit), context, &requestsOf, then);
}

void InstanceClient::fetchJobs(QObject *context, const Then<Page<Job>> &then, int limit,
                               const QString &after)
{
    d->fetch<Page<Job>>(listAsk(u"/admin/v1/jobs"_s, limit, after), context, &jobsOf, then);
}

void InstanceClient::fetchJob(const QString &id, QObject *context, const Then<Job> &then)
{
    d->fetch<Job>({ .path = jobPath(id) }, context, &jobOf, then);
}

void InstanceClient::fetchJobOutput(const QString &id, QObject *context,
                                    const Then<QByteArray> &then)
{
    d->fetch<QByteArray>({ .path = jobPath(id) + "/output"_L1, .accept = "*/*" }, context, &bytesOf,
                         then);
}

void InstanceClient::fetchAudit(QObject *context, const Then<Page<AuditEvent>> &then, int limit)
{
    d->fetch<Page<AuditEvent>>(listAsk(u"/admin/v1/audit"_s, limit), context, &auditOf, then);
}

void InstanceClient::fetchReadiness(QObject *context, const Then<QString> &then)
{
    QUrlQuery verbose;
    verbose.addQueryItem(u"verbose"_s, {});
    d->fetch<QString>({ .path = u"/readyz"_s, .query = verbose, .accept = "*/*", .isPublic = true },
                      context, &readinessOf, then);
}

} // namespace quiesce
