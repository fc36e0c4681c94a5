// SPDX-License-Identifier: GPL-3.0-only
// Bookmarks: the connections that the operator keeps.
#pragma once

#include "common/result.h"
#include "console/client/discovery/bookmarkfile.h"

#include <QObject>

namespace quiesce {

/// A list of specs that is in the file after each change, or the change is not made.
///
/// Thread:  event loop. Owns: the list.
/// Limits:  kMaxBookmarks; a file of kMaxFileBytes.
/// Errors:  as text for people that names the file and the place.
/// Blocks:  for one small file, at load() and at each change.
class Bookmarks final : public QObject
{
    Q_OBJECT

public:
    static constexpr qint64 kMaxFileBytes = qint64{ 4 } * 1'024 * 1'024;

    struct ImportTally
    {
        qsizetype added = 0;
        qsizetype known = 0; ///< left out: there is a bookmark of that address
        QStringList faults; ///< of those that could not be read
    };

    explicit Bookmarks(QString path, QObject *parent = nullptr);

    /// Order: once, before anything else. A damaged file is set aside and what can be read of it is
    /// kept, so that the console always starts. @error what was wrong, and where the file is now.
    [[nodiscard]] Result<Done, QString> load();

    [[nodiscard]] const QList<InstanceSpec> &all() const { return m_specs; }
    [[nodiscard]] std::optional<InstanceSpec> find(const QString &id) const;

    /// Keeps it under an id of its own, which is given back.
    [[nodiscard]] Result<QString, QString> add(InstanceSpec spec);
    [[nodiscard]] Result<Done, QString> replace(const InstanceSpec &spec);
    [[nodiscard]] Result<Done, QString> remove(const QString &id);

    /// Each gets a new id, so that no token that is kept here is ever sent to an address that came
    /// in a file; for the same reason a token file is not taken over, and is asked for instead.
    [[nodiscard]] Result<ImportTally, QString> importFrom(const QString &path);
    [[nodiscard]] Result<Done, QString> exportTo(const QString &path) const;

Q_SIGNALS:
    void added(const quiesce::InstanceSpec &spec);
    void changed(const quiesce::InstanceSpec &spec);
    void removed(const QString &id);

private:
    [[nodiscard]] QString read();
    [[nodiscard]] Result<Done, QString> startAnew(const QString &fault);
    [[nodiscard]] Result<Done, QString> keep(const QList<InstanceSpec> &specs);
    [[nodiscard]] qsizetype indexOf(const QString &id) const;

    QString m_path;
    QList<InstanceSpec> m_specs;
    bool m_mayWrite = true; ///< false: a file that could not be set aside is not ours to replace
};

} // namespace quiesce
