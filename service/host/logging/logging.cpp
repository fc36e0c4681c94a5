// SPDX-License-Identifier: GPL-3.0-only
// Qt's message handler, and what becomes of each message.
#include "service/host/logging/logging.h"

#include <shared_mutex>
#include <unistd.h>

namespace quiesce {

using namespace Qt::StringLiterals;
using Level = LogSettings::Level;
using Format = LogSettings::Format;

namespace {

/// Qt's handler is a plain function, so it needs to find the instance; whoever logs holds this
/// shared, so that the instance cannot go meanwhile.
std::shared_mutex instanceMutex;
Logging *instance = nullptr;

Format chooseFormat(Format wanted, int fd)
{
    if (wanted != Format::Auto)
        return wanted;
    return ::isatty(fd) ? Format::Text : Format::Json;
}

LogColour chooseColour(const QProcessEnvironment &environment, int fd)
{
    const bool isWanted = environment.value(u"NO_COLOR"_s).isEmpty()
        && environment.value(u"TERM"_s) != "dumb"_L1 && ::isatty(fd);
    return isWanted ? LogColour::Ansi : LogColour::None;
}

QString filterRules(Level level)
{
    switch (level) {
    case Level::Debug:
        return u"*.debug=false\nquiesce.*.debug=true"_s;
    case Level::Info:
        return u"*.debug=false"_s;
    case Level::Warning:
        return u"*.debug=false\n*.info=false"_s;
    case Level::Error:
        break;
    }
    return u"*.debug=false\n*.info=false\n*.warning=false"_s;
}

} // namespace

Logging::Logging(const LogSettings &settings, const QProcessEnvironment &environment, int fd)
    : m_format(chooseFormat(settings.format, fd))
    , m_colour(chooseColour(environment, fd))
    , m_writer(fd)
{
    if (settings.format == Format::Auto)
        m_journal = Journal::behind(fd, environment.value(u"JOURNAL_STREAM"_s));
    {
        const std::unique_lock lock(instanceMutex);
        Q_ASSERT(!instance);
        instance = this;
    }
    m_previous = qInstallMessageHandler(handleMessage);
    setLevel(settings.level);
}

Logging::~Logging()
{
    QLoggingCategory::setFilterRules({});
    qInstallMessageHandler(m_previous);
    const std::unique_lock lock(instanceMutex);
    instance = nullptr;
}

void Logging::setLevel(Level level)
{
    QLoggingCategory::setFilterRules(filterRules(level));
}

int Logging::addObserver(const Observer &observer)
{
    const std::scoped_lock lock(m_observersMutex);
    m_observers.insert(++m_lastObserver, observer);
    return m_lastObserver;
}

void Logging::removeObserver(int id)
{
    const std::scoped_lock lock(m_observersMutex);
    m_observers.remove(id);
}

void Logging::handleMessage(QtMsgType type, const QMessageLogContext &context, const QString &text)
{
    const std::shared_lock lock(instanceMutex);
    if (!instance) // a message that was under way while the instance went
        return;
    const QString category = QString::fromUtf8(context.category ? context.category : "default");
    instance->log(makeLogRecord(QDateTime::currentDateTimeUtc(), type, category, text));
}

void Logging::log(const LogRecord &record)
{
    {
        const std::scoped_lock lock(m_writeMutex);
        write(record);
    }
    const std::scoped_lock lock(m_observersMutex);
    for (const Observer &observer : m_observers)
        observer(record);
}

bool Logging::tryWrite(const LogRecord &record)
{
    if (m_journal) {
        const Journal::Written written = m_journal->tryWrite(record);
        if (written != Journal::Written::Gone)
            return written == Journal::Written::Taken;
    }
    return m_writer.tryWrite(format(record));
}

void Logging::write(const LogRecord &record)
{
    if (m_dropped > 0) {
        const QString text = LogLine("log lines dropped").with("count", m_dropped).toString();
        if (!tryWrite(makeLogRecord(QDateTime::currentDateTimeUtc(), QtWarningMsg, u"quiesce.log"_s,
                                    text))) {
            ++m_dropped;
            return;
        }
        m_dropped = 0;
    }
    if (!tryWrite(record))
        ++m_dropped;
}

QByteArray Logging::format(const LogRecord &record) const
{
    return m_format == Format::Json ? toJsonLine(record) : toTextLine(record, m_colour);
}

} // namespace quiesce
