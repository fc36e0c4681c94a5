// SPDX-License-Identifier: GPL-3.0-only
// KeyringVault: QtKeychain's jobs, each with an end.
#include "console/client/tokens/keyringvault.h"

#include <QFileInfo>
#include <QProcessEnvironment>
#include <QTimer>
#include <qt6keychain/keychain.h>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

const QString kService = u"quiesce-console"_s;

/// libsecret would wait for a bus to be started, and say something obscure.
bool hasSessionBus()
{
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    const QString runtimeDir = environment.value(u"XDG_RUNTIME_DIR"_s);
    return !environment.value(u"DBUS_SESSION_BUS_ADDRESS"_s).isEmpty()
        || (!runtimeDir.isEmpty() && QFileInfo::exists(runtimeDir + "/bus"_L1));
}

VaultStatus statusOf(QKeychain::Error error)
{
    switch (error) {
    case QKeychain::NoError:
        return VaultStatus::Ok;
    case QKeychain::EntryNotFound:
        return VaultStatus::NotFound;
    case QKeychain::AccessDeniedByUser:
    case QKeychain::AccessDenied:
        return VaultStatus::Denied;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
        return VaultStatus::NoBackend;
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::OtherError:
        break;
    }
    return VaultStatus::Other;
}

QString textOf(VaultStatus status, const QString &reason)
{
    switch (status) {
    case VaultStatus::Ok:
        return {};
    case VaultStatus::NotFound:
        return KeyringVault::tr("The keyring has no token for this connection.");
    case VaultStatus::NoBackend:
        return KeyringVault::tr("This desktop has no keyring that can be reached.");
    case VaultStatus::Denied:
        return KeyringVault::tr("The keyring is locked, or access to it was denied.");
    case VaultStatus::NoAnswer:
        return KeyringVault::tr("The keyring does not answer.");
    case VaultStatus::Other:
        break;
    }
    return KeyringVault::tr("The keyring failed: %1").arg(reason);
}

VaultAnswer answerOf(VaultStatus status, const QString &reason = {})
{
    return { .status = status, .text = textOf(status, reason), .token = {} };
}

VaultAnswer answerOf(const QKeychain::Job *job)
{
    VaultAnswer answer = answerOf(statusOf(job->error()), job->errorString());
    if (const auto *read = qobject_cast<const QKeychain::ReadPasswordJob *>(job)) {
        QByteArray token = read->textData().toUtf8();
        answer.token = Secret(token);
        wipe(token);
    }
    return answer;
}

} // namespace

KeyringVault::KeyringVault(QObject *parent)
    : KeyringVault(kKeyringTimeout, parent)
{ }

KeyringVault::KeyringVault(std::chrono::milliseconds timeout, QObject *parent)
    : QObject(parent)
    , m_timeout(timeout)
{ }

void KeyringVault::read(const QString &key, const Then &then)
{
    run(new QKeychain::ReadPasswordJob(kService), key, then);
}

void KeyringVault::write(const QString &key, const Secret &token, const Then &then)
{
    auto *job = new QKeychain::WritePasswordJob(kService);
    job->setTextData(QString::fromUtf8(token.view()));
    run(job, key, then);
}

void KeyringVault::remove(const QString &key, const Then &then)
{
    run(new QKeychain::DeletePasswordJob(kService), key, then);
}

/// The job has no parent: libsecret goes on with it whatever becomes of us, and it deletes itself.
void KeyringVault::run(QKeychain::Job *job, const QString &key, const Then &then)
{
    if (!hasSessionBus()) {
        job->deleteLater();
        const auto answer = [then] { then(answerOf(VaultStatus::NoBackend)); };
        QMetaObject::invokeMethod(this, answer, Qt::QueuedConnection);
        return;
    }
    job->setKey(key);
    job->setInsecureFallback(false);
    job->setAutoDelete(true);
    auto *timer = new QTimer(job);
    timer->setSingleShot(true);
    connect(timer, &QTimer::timeout, this, [this, job, then] {
        job->disconnect(this);
        then(answerOf(VaultStatus::NoAnswer));
    });
    connect(job, &QKeychain::Job::finished, this, [timer, then](const QKeychain::Job *ended) {
        timer->stop();
        then(answerOf(ended));
    });
    timer->start(m_timeout);
    job->start();
}

} // namespace quiesce
