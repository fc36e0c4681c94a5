// SPDX-License-Identifier: GPL-3.0-only
// CommandForm: what an operator says with a change: times, reason, who, and the name typed.
#pragma once

#include "console/client/command.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QLineEdit;

namespace quiesce {

class DurationEdit;

enum class ReasonNeed : unsigned char { Optional, Required };
/// Whether a grave change has to be confirmed by typing a name.
enum class NameNeed : unsigned char { InProduction, Never };

/// Enter in a field goes to the next one and does nothing else.
///
/// Emits: edited() when what request() or fault() say may have changed.
class CommandForm final : public QWidget
{
    Q_OBJECT

public:
    /// Begins with what `request` holds.
    CommandForm(CommandRequest request, ReasonNeed reasonNeed, QWidget *parent = nullptr);

    /// What must be typed; empty: nothing, and there is no field for it.
    void setPhrase(const QString &phrase);
    [[nodiscard]] CommandRequest request() const;
    /// What is missing or wrong, for people; empty: nothing.
    [[nodiscard]] QString fault() const;

Q_SIGNALS:
    void edited();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    static constexpr int kMaxTextLength = 500;

    void addStopFields(QFormLayout *layout);
    void addExtendField(QFormLayout *layout);
    void addWords(QFormLayout *layout);
    void addTyping(QFormLayout *layout);
    QLineEdit *watched(QLineEdit *edit);

    CommandRequest m_request;
    ReasonNeed m_reasonNeed;
    QString m_phrase;
    DurationEdit *m_lameDuck = nullptr; ///< of Stop
    DurationEdit *m_grace = nullptr; ///< of Stop
    DurationEdit *m_by = nullptr; ///< of Extend
    QLineEdit *m_reason = nullptr;
    QLineEdit *m_actor = nullptr;
    QLabel *m_typedLabel = nullptr;
    QLineEdit *m_typed = nullptr;
};

} // namespace quiesce
