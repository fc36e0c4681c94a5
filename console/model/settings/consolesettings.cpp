// SPDX-License-Identifier: GPL-3.0-only
// ConsoleSettings: an INI file, each value judged as it is read.
#include "console/model/settings/consolesettings.h"

#include "console/client/discovery/configfile.h"

#include <QFileInfo>
#include <QSettings>
#include <algorithm>
#include <initializer_list>

namespace quiesce {

using namespace Qt::StringLiterals;
using std::chrono::milliseconds;

namespace {

const QString kTheme = u"look/theme"_s;
const QString kLanguage = u"look/language"_s;
const QString kChartWindow = u"look/chartWindowMs"_s;
const QString kActor = u"acting/actor"_s;
const QString kReason = u"acting/reasonRequired"_s;
const QString kTypedName = u"acting/typeNameInProduction"_s;
const QString kExtension = u"acting/extensionMs"_s;
const QString kNotifications = u"desktop/notifications"_s;
const QString kCloseToTray = u"desktop/closeToTray"_s;
const QString kRetention = u"fleet/retentionMs"_s;
const QString kSelected = u"fleet/selected"_s;
const QString kStates = u"state"_s;

template <typename E>
E readWord(const QSettings &file, const QString &key, std::initializer_list<E> known, E otherwise)
{
    const QString text = file.value(key).toString();
    const auto word =
        std::find_if(known.begin(), known.end(), [&](E value) { return toText(value) == text; });
    return word == known.end() ? otherwise : *word;
}

bool readFlag(const QSettings &file, const QString &key, bool otherwise)
{
    const QString text = file.value(key).toString();
    return text == "true"_L1 || (text != "false"_L1 && otherwise);
}

milliseconds readDuration(const QSettings &file, const QString &key, milliseconds otherwise)
{
    bool isNumber = false;
    const qint64 count = file.value(key).toString().toLongLong(&isNumber);
    return isNumber ? milliseconds(count) : otherwise;
}

/// QSettings takes nearly anything for an INI file: what has a zero byte or is huge is none.
QString faultIn(const QString &path)
{
    const auto content = readWhole(path, ConsoleSettings::kMaxFileBytes);
    if (!content)
        return content.error();
    const QSettings file(path, QSettings::IniFormat);
    file.allKeys(); // it is only now that it is parsed
    const bool isText = file.status() != QSettings::FormatError && !content.value().contains('\0');
    return isText ? QString() : ConsoleSettings::tr("%1: not a settings file").arg(path);
}

QString stateKey(const QString &name)
{
    return kStates + u'/' + name;
}

} // namespace

ConsoleSettings::ConsoleSettings(const QString &path, QObject *parent)
    : QObject(parent)
{
    m_choices.actor = qEnvironmentVariable("USER");
    m_choices = bounded(m_choices);
    open(path);
    readChoices();
}

ConsoleSettings::~ConsoleSettings() = default; // QSettings writes what is left

void ConsoleSettings::open(const QString &path)
{
    if (const QString fault = faultIn(path); !fault.isEmpty()) {
        const QString other = setAside(path);
        m_fault = other.isEmpty()
            ? tr("%1. It is left as it is, and no choice can be kept.").arg(fault)
            : tr("%1. The file is now %2.").arg(fault, other);
    }
    makePrivateFolder(QFileInfo(path).absolutePath());
    m_file = std::make_unique<QSettings>(path, QSettings::IniFormat);
    m_file->setFallbacksEnabled(false);
}

void ConsoleSettings::readChoices()
{
    const QSettings &file = *m_file;
    Choices read = m_choices;
    read.theme = readWord(file, kTheme, { Theme::System, Theme::Light, Theme::Dark }, read.theme);
    read.language = readWord(
        file, kLanguage, { Language::System, Language::English, Language::Chinese }, read.language);
    read.actor = file.value(kActor, read.actor).toString();
    read.isReasonRequired = readFlag(file, kReason, read.isReasonRequired);
    read.isNameTypedInProduction = readFlag(file, kTypedName, read.isNameTypedInProduction);
    read.hasNotifications = readFlag(file, kNotifications, read.hasNotifications);
    read.closesToTray = readFlag(file, kCloseToTray, read.closesToTray);
    read.chartWindow = readDuration(file, kChartWindow, read.chartWindow);
    read.extension = readDuration(file, kExtension, read.extension);
    read.retention = readDuration(file, kRetention, read.retention);
    m_choices = bounded(read);
}

void ConsoleSettings::setChoices(const Choices &choices)
{
    const Choices wanted = bounded(choices);
    if (m_choices == wanted)
        return;
    m_choices = wanted;
    writeChoices();
    Q_EMIT changed();
}

void ConsoleSettings::writeChoices()
{
    const auto write = [this](const QString &key, bool flag) {
        m_file->setValue(key, flag ? u"true"_s : u"false"_s);
    };
    m_file->setValue(kTheme, toText(m_choices.theme));
    m_file->setValue(kLanguage, toText(m_choices.language));
    m_file->setValue(kActor, m_choices.actor);
    write(kReason, m_choices.isReasonRequired);
    write(kTypedName, m_choices.isNameTypedInProduction);
    write(kNotifications, m_choices.hasNotifications);
    write(kCloseToTray, m_choices.closesToTray);
    m_file->setValue(kChartWindow, QString::number(m_choices.chartWindow.count()));
    m_file->setValue(kExtension, QString::number(m_choices.extension.count()));
    m_file->setValue(kRetention, QString::number(m_choices.retention.count()));
}

QByteArray ConsoleSettings::state(const QString &name) const
{
    const QByteArray written = m_file->value(stateKey(name)).toString().toLatin1();
    if (written.size() > kMaxStateBytes * 2)
        return {};
    const auto decoded =
        QByteArray::fromBase64Encoding(written, QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? *decoded : QByteArray();
}

void ConsoleSettings::setState(const QString &name, const QByteArray &state)
{
    const QString key = stateKey(name);
    m_file->beginGroup(kStates);
    const qsizetype count = m_file->childKeys().size();
    m_file->endGroup();
    if (state.size() <= kMaxStateBytes && (count < kMaxStates || m_file->contains(key)))
        m_file->setValue(key, QString::fromLatin1(state.toBase64()));
}

void ConsoleSettings::forgetStates()
{
    m_file->remove(kStates);
}

QStringList ConsoleSettings::selectedIds() const
{
    return m_file->value(kSelected).toStringList().mid(0, kMaxSelected);
}

void ConsoleSettings::setSelectedIds(const QStringList &ids)
{
    m_file->setValue(kSelected, ids.mid(0, kMaxSelected));
}

bool ConsoleSettings::sync()
{
    m_file->sync();
    if (m_file->status() == QSettings::NoError)
        return true;
    m_fault = tr("%1 cannot be written.").arg(m_file->fileName());
    return false;
}

} // namespace quiesce
