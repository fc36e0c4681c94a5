// SPDX-License-Identifier: GPL-3.0-only
// For tests of the configuration: a file, an environment and flags put together in one line.
#pragma once

#include "service/host/configuration/configuration.h"

#include <QFile>
#include <QTemporaryDir>

namespace quiesce::test {

/// What a configuration is loaded from, without the process's own environment or home.
class Sources final
{
public:
    Sources()
    {
        m_inputs.arguments = { QStringLiteral("quiesced") };
        m_inputs.environment.insert(QStringLiteral("HOME"), QStringLiteral("/home/someone"));
        m_inputs.version = QStringLiteral("1.2.3");
    }

    [[nodiscard]] QString path() const { return m_folder.filePath(QStringLiteral("q.toml")); }

    /// Writes the file and, the first time, adds --config.
    Sources &file(const QByteArray &toml)
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly) || file.write(toml) != toml.size())
            qFatal("the test's configuration file could not be written");
        if (!m_inputs.arguments.contains(QStringLiteral("--config")))
            m_inputs.arguments += { QStringLiteral("--config"), path() };
        return *this;
    }
    Sources &variable(const QString &name, const QString &value)
    {
        m_inputs.environment.insert(name, value);
        return *this;
    }
    Sources &flags(const QStringList &arguments)
    {
        m_inputs.arguments += arguments;
        return *this;
    }
    Sources &check(std::function<QList<Contradiction>(const Settings &)> look)
    {
        m_inputs.check = std::move(look);
        return *this;
    }
    QProcessEnvironment &environment() { return m_inputs.environment; }

    [[nodiscard]] Result<Configuration, EarlyExit> load() const
    {
        return Configuration::load(m_inputs);
    }
    /// The error lines, with the file's folder left out; empty when there is no error.
    [[nodiscard]] QStringList errors() const
    {
        const auto loaded = load();
        if (loaded)
            return {};
        QString text = loaded.error().text;
        text.remove(m_folder.path() + u'/');
        return text.split(u'\n', Qt::SkipEmptyParts);
    }
    [[nodiscard]] int exitCode() const
    {
        const auto loaded = load();
        return loaded ? -1 : loaded.error().code;
    }

private:
    QTemporaryDir m_folder;
    Configuration::Inputs m_inputs;
};

} // namespace quiesce::test
