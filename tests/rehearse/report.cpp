// SPDX-License-Identifier: GPL-3.0-only
// All words of the report are made here.
#include "tests/rehearse/report.h"

#include "tests/rehearse/quantity.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <cmath>

using namespace Qt::StringLiterals;
using std::chrono::microseconds;

namespace quiesce::rehearse {

namespace {

qint64 inMicroseconds(Clock::duration duration)
{
    return std::chrono::duration_cast<microseconds>(duration).count();
}

QString grouped(qint64 number)
{
    return QLocale::c().toString(number).rightJustified(14);
}

QString milliseconds(Clock::duration duration)
{
    const auto value = static_cast<double>(inMicroseconds(duration)) / 1'000;
    return QString::number(value, 'f', value < 100 ? 2 : 0).rightJustified(9) + " ms"_L1;
}

QString countRow(QLatin1StringView label, qint64 count, const QString &remark = {})
{
    const QString row = "  %1%2"_L1.arg(QString(label).leftJustified(30), grouped(count));
    return (remark.isEmpty() ? row : row + "   "_L1 + remark) + u'\n';
}

/// Rows that are rare and would only distract while they are 0.
QString rareRow(QLatin1StringView label, qint64 count, const QString &remark = {})
{
    return count == 0 ? QString() : countRow(label, count, remark);
}

QString lossRow(QLatin1StringView label, qint64 count, int stops)
{
    const double aStop = static_cast<double>(count) / stops;
    return countRow(label, count, QString::number(aStop, 'f', 2) + " a stop"_L1);
}

QString countRows(const Counts &counts)
{
    return countRow("requests sent"_L1, counts.sent)
        + countRow("answered completely"_L1, counts.answered)
        + countRow("  of them 4xx"_L1, counts.clientErrors)
        + countRow("  of them 5xx"_L1, counts.serverErrors);
}

QString timeRow(QLatin1StringView label, const Distribution &times)
{
    QString row = "  "_L1 + QString(label).leftJustified(24);
    if (times.isEmpty())
        return row + "           -\n"_L1;
    for (const double percent : { 0.0, 50.0, 99.0, 100.0 })
        row += milliseconds(times.percentile(percent));
    return row + u'\n';
}

QString exitText(const ExitStatus &exit)
{
    return exit.signal != 0 ? "died of "_L1 + signalName(exit.signal)
                            : "exit code "_L1 + QString::number(exit.code);
}

QString headline(const Options &options)
{
    const QString method =
        options.method == Method::Post ? u"POST of %1 B"_s.arg(options.bodyBytes) : u"GET"_s;
    QString line = u"%1 by %2, %3 kept-alive and %4 fresh clients, think <= %5 us, %6"_s.arg(
        options.command.join(u' '), signalName(options.signal), QString::number(options.clients),
        QString::number(options.fresh), QString::number(options.think.count()), method);
    if (options.idle > 0)
        line += u", %1 idle"_s.arg(options.idle);
    if (options.inFlight > 0)
        line += u", %1 in flight on %2"_s.arg(options.inFlight).arg(options.slowPath);
    return line + u", seed %1\n\n"_s.arg(options.seed);
}

QJsonObject countsObject(const Counts &counts)
{
    return { { u"sent"_s, counts.sent },
             { u"answered"_s, counts.answered },
             { u"created"_s, counts.created },
             { u"clientErrors"_s, counts.clientErrors },
             { u"serverErrors"_s, counts.serverErrors },
             { u"lostReused"_s, counts.lostReused },
             { u"lostFresh"_s, counts.lostFresh },
             { u"truncated"_s, counts.truncated },
             { u"malformed"_s, counts.malformed },
             { u"refused"_s, counts.refused },
             { u"unanswered"_s, counts.unanswered },
             { u"refusedEarly"_s, counts.refusedEarly },
             { u"closedIdle"_s, counts.closedIdle },
             { u"localFaults"_s, counts.localFaults } };
}

QJsonValue timesObject(const Distribution &times)
{
    if (times.isEmpty())
        return QJsonValue::Null;
    return QJsonObject{ { u"count"_s, static_cast<qint64>(times.count()) },
                        { u"min"_s, inMicroseconds(times.percentile(0)) },
                        { u"median"_s, inMicroseconds(times.percentile(50)) },
                        { u"p99"_s, inMicroseconds(times.percentile(99)) },
                        { u"max"_s, inMicroseconds(times.percentile(100)) } };
}

QJsonArray exitsArray(const Tally &tally)
{
    QJsonArray exits;
    for (const auto &[exit, stops] : tally.exits)
        exits +=
            QJsonObject{ { u"code"_s, exit.signal == 0 ? QJsonValue(exit.code) : QJsonValue() },
                         { u"signal"_s,
                           exit.signal != 0 ? QJsonValue(signalName(exit.signal)) : QJsonValue() },
                         { u"stops"_s, stops } };
    return exits;
}

QString nameOf(Loss::Kind kind)
{
    switch (kind) {
    case Loss::Kind::Reused:
        return u"lost-reused"_s;
    case Loss::Kind::Fresh:
        return u"lost-fresh"_s;
    case Loss::Kind::Truncated:
        return u"truncated"_s;
    case Loss::Kind::Malformed:
        return u"malformed"_s;
    }
    return {};
}

QString nameOf(Loss::Reason reason)
{
    switch (reason) {
    case Loss::Reason::Reset:
        return u"reset"_s;
    case Loss::Reason::EndOfStream:
        return u"end-of-stream"_s;
    case Loss::Reason::NoAnswer:
        return u"no-answer"_s;
    case Loss::Reason::NotHttp:
        return u"not-http"_s;
    }
    return {};
}

QJsonArray lossesArray(const Tally &tally)
{
    QJsonArray losses;
    for (const PlacedLoss &placed : tally.losses) {
        const QJsonValue after =
            placed.afterSignal ? QJsonValue(inMicroseconds(*placed.afterSignal)) : QJsonValue();
        losses += QJsonObject{ { u"stop"_s, placed.stop },
                               { u"kind"_s, nameOf(placed.loss.kind) },
                               { u"reason"_s, nameOf(placed.loss.reason) },
                               { u"afterSignalUs"_s, after } };
    }
    return losses;
}

QString toText(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

} // namespace

bool isPassed(const Tally &tally, const Options &options)
{
    bool isExitFine = true;
    if (options.expectedExit) {
        const ExitStatus expected{ .code = *options.expectedExit };
        isExitFine = tally.exits.size() == 1 && tally.exits.contains(expected);
    }
    return tally.counts.failures() <= options.maxLost && tally.killed == 0 && tally.endedEarly == 0
        && isExitFine;
}

QString textReport(const Tally &tally, const Options &options)
{
    const Counts &counts = tally.counts;
    QString text = u"%1 stops of %2"_s.arg(QString::number(tally.stops), headline(options))
        + countRows(counts) + countRow("refused after the signal"_L1, counts.refused, u"no loss"_s)
        + countRow("closed while idle"_L1, counts.closedIdle, u"no loss"_s)
        + lossRow("lost on reused connections"_L1, counts.lostReused, tally.stops)
        + lossRow("lost on fresh connections"_L1, counts.lostFresh, tally.stops)
        + lossRow("truncated answers"_L1, counts.truncated, tally.stops)
        + rareRow("malformed answers"_L1, counts.malformed)
        + rareRow("refused before the signal"_L1, counts.refusedEarly)
        + rareRow("faults of this machine"_L1, counts.localFaults, u"do not trust the rest"_s)
        + u'\n';
    for (const auto &[exit, stops] : tally.exits)
        text += "  %1%2 stops\n"_L1.arg(exitText(exit).leftJustified(30), grouped(stops));
    text += rareRow("killed after --timeout"_L1, tally.killed)
        + rareRow("ended before the signal"_L1, tally.endedEarly)
        + rareRow("left processes behind"_L1, tally.leftProcessesBehind);
    return text
        + "\n                                   min      median         p99         max\n"_L1
        + timeRow("signal -> exit"_L1, tally.signalToExit)
        + timeRow("last answer -> exit"_L1, tally.lastAnswerToExit);
}

QString jsonReport(const Tally &tally, const Options &options)
{
    return toText({ { u"passed"_s, isPassed(tally, options) },
                    { u"command"_s, QJsonArray::fromStringList(options.command) },
                    { u"signal"_s, signalName(options.signal) },
                    { u"seed"_s, QString::number(options.seed) },
                    { u"stops"_s, tally.stops },
                    { u"killed"_s, tally.killed },
                    { u"endedEarly"_s, tally.endedEarly },
                    { u"leftProcessesBehind"_s, tally.leftProcessesBehind },
                    { u"requests"_s, countsObject(tally.counts) },
                    { u"exits"_s, exitsArray(tally) },
                    { u"signalToExitUs"_s, timesObject(tally.signalToExit) },
                    { u"lastAnswerToExitUs"_s, timesObject(tally.lastAnswerToExit) },
                    { u"losses"_s, lossesArray(tally) } });
}

QString textReport(const LoadResult &load)
{
    const double seconds = std::chrono::duration<double>(load.took).count();
    const auto rate = std::llround(static_cast<double>(load.counts.answered) / seconds);
    return countRows(load.counts) + countRow("a second"_L1, rate)
        + countRow("lost, truncated, refused"_L1, load.counts.failures());
}

QString jsonReport(const LoadResult &load)
{
    return toText({ { u"requests"_s, countsObject(load.counts) },
                    { u"tookUs"_s, inMicroseconds(load.took) } });
}

QString progressLine(const Tally &tally, const Options &options)
{
    const Counts &counts = tally.counts;
    return u"stop %1/%2  sent %3  lost %4 reused, %5 fresh  truncated %6"_s.arg(tally.stops)
        .arg(options.stops)
        .arg(counts.sent)
        .arg(counts.lostReused)
        .arg(counts.lostFresh)
        .arg(counts.truncated);
}

} // namespace quiesce::rehearse
