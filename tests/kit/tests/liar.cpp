// SPDX-License-Identifier: GPL-3.0-only
// A service that claims to stop well and does not: for the checks of Quiesce::Test, each of which
// must be able to fail. LIAR_FAULT says in what: drops (a request), skips (a phase), late, report
// (one whose counts do not add up), mute (no report), code (another exit code than the report's),
// hook (one that failed); without it nothing is wrong.
//
// It speaks as little HTTP as the trial needs: GETs, of which /slow is answered at the stop only.
#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTextStream>
#include <QTimer>
#include <csignal>
#include <sys/signalfd.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace {

constexpr int kLateBy = 900; ///< ms

QString now()
{
    return QDateTime::currentDateTimeUtc().toString(Qt::ISODateWithMs);
}

void log(const QString &message, const QJsonObject &fields)
{
    const QJsonObject record{ { u"at"_s, now() },
                              { u"category"_s, u"liar"_s },
                              { u"level"_s, u"info"_s },
                              { u"message"_s, message },
                              { u"fields"_s, fields } };
    QTextStream(stderr) << QJsonDocument(record).toJson(QJsonDocument::Compact) << Qt::endl;
}

class Liar final : public QObject
{
public:
    explicit Liar(const QString &dataDir)
        : m_dataDir(dataDir)
    {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, &Liar::accept);
        connect(&m_signals, &QSocketNotifier::activated, this, [this] {
            signalfd_siginfo info{};
            if (::read(int(m_signals.socket()), &info, sizeof info) > 0)
                stop();
        });
        log(u"state changed"_s, { { u"from"_s, u"starting"_s }, { u"to"_s, u"serving"_s } });
        QTextStream(stdout) << u"quiesced ready traffic=http://127.0.0.1:%1 "
                               "admin=http://127.0.0.1:%1 pid=%2"_s.arg(m_server.serverPort())
                                   .arg(QCoreApplication::applicationPid())
                            << Qt::endl;
    }

private:
    [[nodiscard]] bool isFaulty(QLatin1StringView fault) const { return m_fault == fault; }

    void accept()
    {
        while (QTcpSocket *socket = m_server.nextPendingConnection())
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { take(socket); });
    }

    void take(QTcpSocket *socket)
    {
        if (socket->readAll().startsWith("GET /slow"))
            m_waiting.append(socket);
        else
            answer(socket);
    }

    static void answer(QTcpSocket *socket)
    {
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
        socket->disconnectFromHost();
    }

    void moveTo(const QString &state)
    {
        log(u"state changed"_s, { { u"from"_s, m_state }, { u"to"_s, state } });
        m_state = state;
        m_states.append(state);
    }

    void stop()
    {
        moveTo(u"lame-duck"_s);
        if (!isFaulty("skips"_L1))
            moveTo(u"draining"_s);
        for (QTcpSocket *socket : std::as_const(m_waiting))
            isFaulty("drops"_L1) ? socket->abort() : answer(socket);
        QTimer::singleShot(isFaulty("late"_L1) ? kLateBy : 0, this, &Liar::finish);
    }

    void finish()
    {
        moveTo(u"stopping"_s);
        if (!isFaulty("mute"_L1))
            report();
        moveTo(u"stopped"_s);
        QCoreApplication::exit(isFaulty("code"_L1) ? 75 : 0);
    }

    void report()
    {
        QJsonArray phases;
        for (const QString &state : std::as_const(m_states))
            phases.append(QJsonObject{
                { u"name"_s, state }, { u"startedAt"_s, now() }, { u"durationMs"_s, 0 } });
        const QJsonObject hook{ { u"name"_s, u"flush"_s },
                                { u"durationMs"_s, 0 },
                                { u"result"_s, isFaulty("hook"_L1) ? u"failed"_s : u"ok"_s } };
        const qint64 count = m_waiting.size();
        const QJsonObject requests{ { u"inFlightAtStop"_s, count },
                                    { u"acceptedDuringStop"_s, 0 },
                                    { u"drained"_s, isFaulty("report"_L1) ? count - 1 : count },
                                    { u"cancelled"_s, 0 },
                                    { u"aborted"_s, 0 } };
        const QJsonObject jobs{ { u"runningAtStop"_s, 0 },
                                { u"finished"_s, 0 },
                                { u"requeued"_s, 0 },
                                { u"abandoned"_s, 0 } };
        const QJsonObject all{ { u"outcome"_s, u"clean"_s }, { u"exitCode"_s, 0 },
                               { u"phases"_s, phases },      { u"requests"_s, requests },
                               { u"jobs"_s, jobs },          { u"hooks"_s, QJsonArray{ hook } } };
        QDir().mkpath(m_dataDir + "/reports"_L1);
        QFile file(m_dataDir + "/reports/1.json"_L1);
        if (file.open(QIODevice::WriteOnly))
            file.write(QJsonDocument(all).toJson());
    }

    static int signalDescriptor()
    {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigprocmask(SIG_BLOCK, &set, nullptr);
        return ::signalfd(-1, &set, SFD_CLOEXEC);
    }

    QString m_dataDir;
    QString m_fault = qEnvironmentVariable("LIAR_FAULT");
    QString m_state = u"serving"_s;
    QStringList m_states;
    QTcpServer m_server;
    QList<QTcpSocket *> m_waiting;
    QSocketNotifier m_signals{ signalDescriptor(), QSocketNotifier::Read };
};

} // namespace

int main(int argc, char *argv[])
{
    const QCoreApplication app(argc, argv);
    const QStringList arguments = QCoreApplication::arguments();
    const Liar liar(arguments.value(arguments.indexOf(u"--data-dir"_s) + 1));
    return QCoreApplication::exec();
}
