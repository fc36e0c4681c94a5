// SPDX-License-Identifier: GPL-3.0-only
// SharedStore: where the instances of a test keep their jobs, and how that is hurt.
#pragma once

#include "tests/endtoend/sharedinstances.h"
#include "tests/support/postgresserver.h"

#include <sys/resource.h>

namespace quiesce::test {

/// Thread: the test's. The instances must outlive it.
class SharedStore
{
public:
    explicit SharedStore(SharedInstances &instances)
        : m_instances(instances)
    { }
    virtual ~SharedStore() = default;
    SharedStore(const SharedStore &) = delete;
    SharedStore &operator=(const SharedStore &) = delete;

    [[nodiscard]] virtual QString name() const = 0;
    /// Whether any instance answers for any job, and takes over another's; else each for its own.
    [[nodiscard]] virtual bool isShared() const = 0;
    /// Why it cannot be used; empty: it can.
    [[nodiscard]] virtual QString fault() const { return {}; }
    /// A new and empty one for the next instances; its name.
    virtual QString renew() = 0;
    /// Adds an instance that keeps its jobs there.
    SharedInstance &addInstance() { return m_instances.add(url()); }
    [[nodiscard]] virtual QString url() const { return {}; }
    /// Where it listens; 0: nothing can be put between.
    [[nodiscard]] virtual quint16 port() const { return 0; }
    /// Keeps nothing from here on.
    virtual void stop() = 0;
    virtual bool start() = 0;

protected:
    [[nodiscard]] SharedInstances &instances() const { return m_instances; }

private:
    SharedInstances &m_instances;
};

/// A database of one server.
class PostgresStore final : public SharedStore
{
public:
    using SharedStore::SharedStore;

    [[nodiscard]] QString name() const override { return QStringLiteral("postgresql"); }
    [[nodiscard]] bool isShared() const override { return true; }
    [[nodiscard]] QString fault() const override { return m_server.fault(); }
    QString renew() override { return m_database = m_server.makeDatabase(); }
    [[nodiscard]] QString url() const override { return m_server.url(m_database); }
    [[nodiscard]] quint16 port() const override { return m_server.port(); }
    void stop() override { m_server.stop(); }
    bool start() override { return m_server.isRunning() || m_server.start(); }

private:
    PostgresServer m_server;
    QString m_database;
};

/// The default: each instance has a file of its own. It is stopped as a full disk does it: no byte
/// can be written.
class SqliteStore final : public SharedStore
{
public:
    using SharedStore::SharedStore;

    [[nodiscard]] QString name() const override { return QStringLiteral("sqlite"); }
    [[nodiscard]] bool isShared() const override { return false; }
    QString renew() override { return QStringLiteral("sqlite"); }
    void stop() override { limitFiles(0); }
    bool start() override { return limitFiles(RLIM_INFINITY); }

private:
    bool limitFiles(rlim_t bytes)
    {
        const rlimit limit{ .rlim_cur = bytes, .rlim_max = RLIM_INFINITY };
        bool isDone = true;
        for (size_t i = 0; i < SharedInstances::kCount; ++i) {
            const SharedInstance &instance = instances()[i];
            if (instance.isRunning())
                isDone =
                    ::prlimit(pid_t(instance.pid()), RLIMIT_FSIZE, &limit, nullptr) == 0 && isDone;
        }
        return isDone;
    }
};

} // namespace quiesce::test
