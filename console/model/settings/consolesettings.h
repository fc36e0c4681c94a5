// SPDX-License-Identifier: GPL-3.0-only
// ConsoleSettings: the operator's choices, and how the windows were left, over runs.
#pragma once

#include "console/model/settings/choices.h"

#include <QByteArray>
#include <QObject>
#include <QStringList>
#include <memory>

class QSettings;

namespace quiesce {

/// console.ini. A file that is damaged is set aside, a value that is unknown or out of bounds
/// becomes its default or the nearest: neither ever stops the console.
///
/// Thread:  event loop. Owns: the file while it runs.
/// Limits:  kMaxFileBytes; a state of kMaxStateBytes and kMaxStates of them; kMaxSelected ids.
/// Blocks:  for one small file, at its making; QSettings writes when the event loop comes to rest.
class ConsoleSettings final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kMaxFileBytes = qint64{ 2 } * 1'024 * 1'024;
    static constexpr qsizetype kMaxStateBytes = qsizetype{ 64 } * 1'024;
    static constexpr qsizetype kMaxStates = 64;
    static constexpr qsizetype kMaxSelected = 1'000;

    explicit ConsoleSettings(const QString &path, QObject *parent = nullptr);
    ~ConsoleSettings() override;

    /// Why the choices of earlier runs are not there, or cannot be kept; empty when all is well.
    [[nodiscard]] const QString &fault() const { return m_fault; }

    [[nodiscard]] const Choices &choices() const { return m_choices; }
    void setChoices(const Choices &choices);

    /// What a window or a header gave to be put back; `name` is of a-z, 0-9, '-' and '.'.
    [[nodiscard]] QByteArray state(const QString &name) const;
    /// One that is too large, or one too many, is not kept.
    void setState(const QString &name, const QByteArray &state);
    void forgetStates(); ///< "reset layout"

    [[nodiscard]] QStringList selectedIds() const;
    void setSelectedIds(const QStringList &ids);

    /// Writes now; false, and fault() says why, when it cannot.
    bool sync();

Q_SIGNALS:
    void changed();

private:
    void open(const QString &path);
    void readChoices();
    void writeChoices();

    std::unique_ptr<QSettings> m_file;
    Choices m_choices;
    QString m_fault;
};

} // namespace quiesce
