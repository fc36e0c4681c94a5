// SPDX-License-Identifier: GPL-3.0-only
// The command line by QCommandLineParser; every value is checked and every fault named.
#include "tests/rehearse/options.h"

#include "tests/rehearse/quantity.h"
#include "tests/rehearse/target.h"

#include <QCommandLineParser>
#include <QJsonDocument>
#include <random>

using namespace Qt::StringLiterals;

namespace quiesce::rehearse {

namespace {

void describe(QCommandLineParser &parser)
{
    parser.setApplicationDescription(
        u"Rehearses the stop of an HTTP server: starts COMMAND, keeps clients busy on it, sends\n"
        "the stop signal at a random moment, and counts what was lost. Clients never retry.\n"
        "{port} in COMMAND and --url is a free port, picked for each stop. Only 127.0.0.0/8 is\n"
        "accepted as target: this makes load. Without COMMAND, --requests are made to --url.\n\n"
        "A request is lost when its connection was established and no complete answer came. A\n"
        "kept-alive connection closed while its client thinks, or a connect that is refused once\n"
        "the stop was asked for, loses nothing.\n\n"
        "Exit status: 0 nothing lost; 1 more than --max-lost were lost or truncated, or the\n"
        "server ended early, had to be killed or left with another code than --expect-exit;\n"
        "64 bad usage; 69 the server could not be started; 128+n ended by signal n."_s);
    parser.addPositionalArgument(u"COMMAND"_s, u"the server, after --"_s, u"-- COMMAND..."_s);
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsPositionalArguments);
    parser.addOptions({
        { { u"h"_s, u"help"_s }, u"This text."_s },
        { { u"v"_s, u"version"_s }, u"The version."_s },
        { u"url"_s, u"What is requested (default http://127.0.0.1:{port}/)."_s, u"URL"_s },
        { u"ready-path"_s, u"Answers below 500 once the server is up (default: as URL)."_s,
          u"PATH"_s },
        { u"clients"_s, u"Clients on kept-alive connections (64)."_s, u"N"_s },
        { u"fresh"_s, u"Clients with a fresh connection for each request (8)."_s, u"N"_s },
        { u"idle"_s, u"Clients that ask once and then only keep their connection (0)."_s, u"N"_s },
        { u"think"_s, u"Each pause between requests is uniform in 0..D (2ms)."_s, u"D"_s },
        { u"method"_s, u"GET or POST (GET)."_s, u"METHOD"_s },
        { u"body"_s, u"Bytes in each POST (64)."_s, u"SIZE"_s },
        { u"body-json"_s, u"The body of each POST, as application/json, instead of --body."_s,
          u"JSON"_s },
        { u"stops"_s, u"How many times to start and stop (10)."_s, u"N"_s },
        { u"signal"_s, u"TERM, INT, QUIT, HUP, USR1, USR2 or WINCH (TERM)."_s, u"NAME"_s },
        { u"settle"_s, u"From all clients busy to the signal, uniform (200ms..600ms)."_s,
          u"MIN..MAX"_s },
        { u"timeout"_s, u"From the signal to SIGKILL (30s)."_s, u"D"_s },
        { u"start-timeout"_s, u"Longest time to be ready (15s)."_s, u"D"_s },
        { u"in-flight"_s, u"Requests to --slow-path begun just before the signal (0)."_s, u"N"_s },
        { u"slow-path"_s, u"A path that takes its time to answer."_s, u"PATH"_s },
        { u"requests"_s, u"Without COMMAND: how many to make, by all clients."_s, u"N"_s },
        { u"max-lost"_s, u"Lost or truncated requests that still give exit status 0 (0)."_s,
          u"K"_s },
        { u"expect-exit"_s, u"The exit code the server must have (any)."_s, u"CODE"_s },
        { u"seed"_s, u"For the same random moments again (random)."_s, u"N"_s },
        { u"log"_s, u"Append the server's output to FILE (discarded)."_s, u"FILE"_s },
        { u"quiet"_s, u"No progress on stderr."_s },
        { u"json"_s, u"The report as JSON."_s },
    });
}

/// Reads the parser's values into an Options and collects what is wrong with them.
class OptionsBuilder final
{
public:
    explicit OptionsBuilder(const QCommandLineParser &parser)
        : m_parser(parser)
    { }

    Result<Invocation, QString> build()
    {
        readLoad();
        readStop();
        readOutput();
        checkTogether();
        if (!m_faults.isEmpty())
            return Failure{ m_faults.join(u'\n') };
        return Invocation{ .options = m_options, .answer = {} };
    }

private:
    void readLoad();
    void readBody();
    void readStop();
    void readOutput();
    void checkTogether();

    void fault(QLatin1StringView name, QStringView wants)
    {
        m_faults += "--%1 %2: wants %3"_L1.arg(name, m_parser.value(name), wants);
    }

    template <typename Number>
    void read(QLatin1StringView name, Number &into, Number min, Number max)
    {
        if (!m_parser.isSet(name))
            return;
        bool isNumber = false;
        const qint64 value = m_parser.value(name).toLongLong(&isNumber);
        if (!isNumber || value < qint64(min) || value > qint64(max))
            fault(name, u"a number from %1 to %2"_s.arg(min).arg(max));
        else
            into = static_cast<Number>(value);
    }

    void read(QLatin1StringView name, Duration &into)
    {
        if (const auto duration = durationFrom(m_parser.value(name)))
            into = *duration;
        else if (m_parser.isSet(name))
            fault(name, u"a duration such as 500us, 20ms or 2s");
    }

    void readPath(QLatin1StringView name, QString &into)
    {
        into = m_parser.value(name);
        if (m_parser.isSet(name) && !isRequestPath(into))
            fault(name, u"a path such as /work?ms=300");
    }

    const QCommandLineParser &m_parser;
    Options m_options;
    QStringList m_faults;
};

void OptionsBuilder::readLoad()
{
    if (m_parser.isSet(u"url"_s))
        m_options.url = m_parser.value(u"url"_s);
    readPath("ready-path"_L1, m_options.readyPath);
    read("clients"_L1, m_options.clients, 0, 10'000);
    read("fresh"_L1, m_options.fresh, 0, 10'000);
    read("idle"_L1, m_options.idle, 0, 20'000);
    read("think"_L1, m_options.think);
    read("requests"_L1, m_options.requests, qint64(1), qint64(1'000'000'000));
    const QString method = m_parser.value(u"method"_s).toUpper();
    if (method == "POST"_L1)
        m_options.method = Method::Post;
    else if (m_parser.isSet(u"method"_s) && method != "GET"_L1)
        fault("method"_L1, u"GET or POST");
    readBody();
}

void OptionsBuilder::readBody()
{
    m_options.bodyBytes = m_options.method == Method::Post ? 64 : 0;
    const auto bytes = bytesFrom(m_parser.value(u"body"_s));
    if (m_parser.isSet(u"body"_s) && (!bytes || m_options.method == Method::Get))
        fault("body"_L1, u"a size such as 64 or 4KiB, and --method POST");
    else if (bytes)
        m_options.bodyBytes = *bytes;
    if (!m_parser.isSet(u"body-json"_s))
        return;
    m_options.jsonBody = m_parser.value(u"body-json"_s).toUtf8();
    m_options.bodyBytes = m_options.jsonBody.size();
    const bool isJson = !QJsonDocument::fromJson(m_options.jsonBody).isNull();
    if (!isJson || m_options.method == Method::Get || m_parser.isSet(u"body"_s))
        fault("body-json"_L1, u"a JSON object or array, and --method POST without --body");
}

void OptionsBuilder::readStop()
{
    m_options.command = m_parser.positionalArguments();
    read("stops"_L1, m_options.stops, 1, 1'000'000);
    read("timeout"_L1, m_options.timeout);
    read("start-timeout"_L1, m_options.startTimeout);
    read("in-flight"_L1, m_options.inFlight, 0, 10'000);
    readPath("slow-path"_L1, m_options.slowPath);
    if (const auto signal = signalFrom(m_parser.value(u"signal"_s)))
        m_options.signal = *signal;
    else if (m_parser.isSet(u"signal"_s))
        fault("signal"_L1, u"TERM, INT, QUIT, HUP, USR1, USR2 or WINCH");
    if (m_parser.isSet(u"settle"_s)) {
        const QStringList ends = m_parser.value(u"settle"_s).split(u".."_s);
        const auto min = durationFrom(ends.first());
        const auto max = durationFrom(ends.last());
        if (ends.size() > 2 || !min || !max || *min > *max)
            fault("settle"_L1, u"a range such as 200ms..600ms");
        else
            m_options.settle = { *min, *max };
    }
}

void OptionsBuilder::readOutput()
{
    read("max-lost"_L1, m_options.maxLost, 0, 1'000'000'000);
    if (int code = 0; m_parser.isSet(u"expect-exit"_s)) {
        read("expect-exit"_L1, code, 0, 255);
        m_options.expectedExit = code;
    }
    m_options.seed = std::random_device{}();
    read("seed"_L1, m_options.seed, quint64(0), quint64(std::numeric_limits<qint64>::max()));
    m_options.logFile = m_parser.value(u"log"_s);
    if (m_parser.isSet(u"quiet"_s))
        m_options.progress = Progress::Quiet;
    if (m_parser.isSet(u"json"_s))
        m_options.format = ReportFormat::Json;
}

void OptionsBuilder::checkTogether()
{
    const bool hasCommand = !m_options.command.isEmpty();
    if (const auto target = Target::fromUrl(m_options.url, 1); !target)
        m_faults += "--url: "_L1 + target.error();
    if (!hasCommand && (m_options.requests == 0 || m_options.url.contains(kPortPlaceholder)))
        m_faults += u"no COMMAND: name one after --, or give --requests and a --url with a port"_s;
    if (!hasCommand && m_options.idle != 0)
        m_faults += u"--idle: only with COMMAND"_s;
    if (hasCommand && m_options.requests != 0)
        m_faults += u"--requests: only without COMMAND"_s;
    if ((m_options.inFlight > 0) == m_options.slowPath.isEmpty())
        m_faults += u"--in-flight and --slow-path: only together"_s;
    if (m_options.clients + m_options.fresh == 0
        && (m_options.inFlight + m_options.idle == 0 || !hasCommand))
        m_faults += u"--clients and --fresh are 0: nothing to do"_s;
}

} // namespace

Result<Invocation, QString> parseOptions(const QStringList &arguments)
{
    QCommandLineParser parser;
    describe(parser);
    if (!parser.parse(arguments))
        return Failure{ parser.errorText() };
    if (parser.isSet(u"help"_s))
        return Invocation{ .options = {}, .answer = parser.helpText() };
    if (parser.isSet(u"version"_s))
        return Invocation{ .options = {}, .answer = u"quiesce-rehearse " QUIESCE_VERSION "\n"_s };
    return OptionsBuilder(parser).build();
}

} // namespace quiesce::rehearse
