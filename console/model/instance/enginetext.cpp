// SPDX-License-Identifier: GPL-3.0-only
// Engines in words: see the header.
#include "console/model/instance/enginetext.h"

#include "common/printable.h"
#include "console/model/words/wording.h"

#include <QCoreApplication>
#include <QLocale>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(quiesce::EngineText)
};

/// A product as it calls itself; one of a later version as the service calls it.
QString nameOf(const QString &engine)
{
    if (engine == "memory"_L1)
        return Text::tr("memory only");
    if (engine == "sqlite"_L1)
        return u"SQLite"_s;
    if (engine == "postgresql"_L1)
        return u"PostgreSQL"_s;
    if (engine == "rabbitmq"_L1)
        return u"RabbitMQ"_s;
    if (engine == "kafka"_L1)
        return u"Kafka"_s;
    return engine.isEmpty() ? Text::tr("not open yet", "a job store") : printable(engine);
}

} // namespace

QString engineText(const JobEngine &engine)
{
    QString text = nameOf(engine.store);
    if (engine.broker)
        text += u" + "_s + nameOf(engine.broker->name);
    return text;
}

QString storeChipText(const JobEngine &engine)
{
    const QString name = nameOf(engine.store);
    return engine.storeFault.isEmpty() ? Text::tr("Store: %1").arg(name)
                                       : Text::tr("Store: %1, failing").arg(name);
}

QString brokerChipText(const JobEngine::Broker &broker)
{
    const QString name = nameOf(broker.name);
    return broker.fault.isEmpty() ? Text::tr("Broker: %1, connected").arg(name)
                                  : Text::tr("Broker: %1, failing").arg(name);
}

QString brokerFigures(const JobEngine::Broker &broker)
{
    const QLocale locale;
    QStringList figures;
    if (broker.depth)
        figures << Text::tr("%1 waiting", "messages").arg(locale.toString(*broker.depth));
    if (broker.lag)
        figures << Text::tr("lag %1", "messages").arg(locale.toString(*broker.lag));
    figures << Text::tr("%1 held here", "messages").arg(locale.toString(broker.held));
    return figures.join(u" · "_s);
}

QStringList engineFaults(const JobEngine &engine)
{
    QStringList faults;
    if (!engine.storeFault.isEmpty())
        faults << Text::tr("%1: %2", "engine: its fault")
                      .arg(nameOf(engine.store), printable(engine.storeFault));
    if (const auto &broker = engine.broker; broker && !broker->fault.isEmpty())
        faults << (broker->sinceAt.isValid()
                       ? Text::tr("%1, since %2: %3", "engine, moment, its fault")
                             .arg(nameOf(broker->name), momentText(broker->sinceAt),
                                  printable(broker->fault))
                       : Text::tr("%1: %2", "engine: its fault")
                             .arg(nameOf(broker->name), printable(broker->fault)));
    return faults;
}

} // namespace quiesce
