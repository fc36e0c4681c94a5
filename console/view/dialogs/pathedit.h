// SPDX-License-Identifier: GPL-3.0-only
// PathEdit: the path of a file, typed or chosen.
#pragma once

#include <QWidget>

class QLineEdit;

namespace quiesce {

/// Emits: changed() with each change of the text.
class PathEdit final : public QWidget
{
    Q_OBJECT

public:
    /// `name`: what the file is, for the file dialog and for screen readers.
    explicit PathEdit(const QString &name, QWidget *parent = nullptr);

    [[nodiscard]] QString path() const;
    void setPath(const QString &path);

Q_SIGNALS:
    void changed();

private:
    static constexpr int kMaxPath = 4'096;

    void browse();

    QString m_name;
    QLineEdit *m_path;
};

} // namespace quiesce
