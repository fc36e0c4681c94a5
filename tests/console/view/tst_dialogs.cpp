// SPDX-License-Identifier: GPL-3.0-only
// Tests of the dialogs: what they take, what they refuse and that they keep no secret.
#include "console/view/dialogs/aboutdialog.h"
#include "console/view/dialogs/connectiondialog.h"
#include "console/view/dialogs/preferencesdialog.h"
#include "console/view/dialogs/secretedit.h"
#include "console/view/dialogs/shortcutsdialog.h"
#include "console/view/dialogs/tokendialog.h"
#include "console/view/window/trayicon.h"
#include "tests/console/fleetstage.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTreeWidget>

using namespace quiesce;
using namespace quiesce::fleetstage;
using namespace Qt::StringLiterals;

namespace {

QPushButton *buttonOf(const QDialog &dialog, QDialogButtonBox::StandardButton which)
{
    return dialog.findChild<QDialogButtonBox *>()->button(which);
}

/// The field that such a label belongs to.
template <typename Field>
Field *fieldOf(const QDialog &dialog, const QString &label)
{
    for (const QLabel *text : dialog.findChildren<QLabel *>()) {
        if (QString(text->text()).remove(u'&') == label)
            return qobject_cast<Field *>(text->buddy()->focusProxy() ? text->buddy()->focusProxy()
                                                                     : text->buddy());
    }
    return nullptr;
}

QStringList faultsOf(const QDialog &dialog)
{
    QStringList faults;
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().startsWith(u"⚠"_s))
            faults.append(label->text());
    }
    return faults;
}

} // namespace

class DialogsTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void savesAConnectionOnlyWhenItIsRight();
    void saysWhatIsWrongWithAField_data();
    void saysWhatIsWrongWithAField();
    void handsOverTheTokenAndKeepsNone();
    void changesAConnectionUnderItsId();
    void asksForATokenWithoutKeepingIt();
    void givesBackThePreferencesUnchanged();
    void givesBackWhatWasChosen();
    void listsActionsThatHaveAShortcut();
    void saysThatQuittingTouchesNoService();
    void goesWhenItIsClosed();
    void marksTheTrayIconByShape();
};

void DialogsTest::savesAConnectionOnlyWhenItIsRight()
{
    ConnectionDialog dialog;
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    QPushButton *save = buttonOf(dialog, QDialogButtonBox::Save);
    QVERIFY(!save->isEnabled());
    QCOMPARE(faultsOf(dialog), QStringList()); // an empty form is no mistake yet
    QTest::keyClicks(fieldOf<QLineEdit>(dialog, u"Address:"_s), u"ftp://x"_s);
    QVERIFY(!save->isEnabled());
    QCOMPARE(faultsOf(dialog).size(), 1);
    fieldOf<QLineEdit>(dialog, u"Address:"_s)->clear();
    QTest::keyClicks(fieldOf<QLineEdit>(dialog, u"Address:"_s), u"orders.example:9090"_s);
    QVERIFY(save->isEnabled());
    QCOMPARE(faultsOf(dialog), QStringList());
    InstanceSpec saved;
    connect(&dialog, &ConnectionDialog::saved, &dialog,
            [&saved](const InstanceSpec &written) { saved = written; });
    QTest::mouseClick(save, Qt::LeftButton);
    QCOMPARE(saved.adminUrl, QUrl(u"http://orders.example:9090"_s));
    QVERIFY(!saved.id.isEmpty());
    QCOMPARE(saved.tokenSource, TokenSource::Keyring);
    QVERIFY(!dialog.isVisible());
}

void DialogsTest::saysWhatIsWrongWithAField_data()
{
    QTest::addColumn<QString>("label");
    QTest::addColumn<QString>("text");
    QTest::newRow("a name that is too long") << u"Name:"_s << QString(100, u'x');
    QTest::newRow("a CA that is not there") << u"Trusted CA:"_s << u"/no/such/ca.pem"_s;
    QTest::newRow("a CA by a relative path") << u"Trusted CA:"_s << u"ca.pem"_s;
    QTest::newRow("half a fingerprint") << u"Fingerprint:"_s << u"AB:CD"_s;
    QTest::newRow("a fingerprint of no digits") << u"Fingerprint:"_s << QString(64, u'z');
}

void DialogsTest::saysWhatIsWrongWithAField()
{
    QFETCH(const QString, label);
    QFETCH(const QString, text);
    InstanceSpec tls = spec(u"orders"_s);
    tls.adminUrl.setScheme(u"https"_s);
    ConnectionDialog dialog(tls, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    QVERIFY(buttonOf(dialog, QDialogButtonBox::Save)->isEnabled());
    QVERIFY(fieldOf<QLineEdit>(dialog, label));
    fieldOf<QLineEdit>(dialog, label)->setText(text);
    QVERIFY(!buttonOf(dialog, QDialogButtonBox::Save)->isEnabled());
    QCOMPARE(faultsOf(dialog).size(), 1);
}

void DialogsTest::handsOverTheTokenAndKeepsNone()
{
    InstanceSpec known = spec(u"orders"_s);
    known.tokenSource = TokenSource::Keyring;
    ConnectionDialog dialog(known, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    auto *field = dialog.findChild<SecretEdit *>();
    QCOMPARE(field->echoMode(), QLineEdit::Password);
    QTest::keyClicks(field, u" s3cret "_s);
    QByteArray taken;
    connect(&dialog, &ConnectionDialog::saved, &dialog,
            [&taken](const InstanceSpec &, const Secret &token) {
                taken = token.view().toByteArray();
            });
    QTest::mouseClick(buttonOf(dialog, QDialogButtonBox::Save), Qt::LeftButton);
    QCOMPARE(taken, "s3cret");
    QCOMPARE(field->text(), QString());
    QVERIFY(!field->isUndoAvailable());
}

void DialogsTest::changesAConnectionUnderItsId()
{
    InstanceSpec known = spec(u"orders"_s, Environment::Production);
    known.group = u"shop"_s;
    known.isReadOnly = true;
    ConnectionDialog dialog(known, nullptr);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    InstanceSpec saved;
    connect(&dialog, &ConnectionDialog::saved, &dialog,
            [&saved](const InstanceSpec &written) { saved = written; });
    QTest::mouseClick(buttonOf(dialog, QDialogButtonBox::Save), Qt::LeftButton);
    QCOMPARE(saved, known);
}

void DialogsTest::asksForATokenWithoutKeepingIt()
{
    TokenDialog dialog(u"A & B"_s, u"401: not known"_s);
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    QVERIFY(!buttonOf(dialog, QDialogButtonBox::Ok)->isEnabled());
    QCOMPARE(faultsOf(dialog), QStringList{ u"⚠ 401: not known"_s });
    auto *field = dialog.findChild<SecretEdit *>();
    QTest::keyClicks(field, u"   "_s);
    QVERIFY(!buttonOf(dialog, QDialogButtonBox::Ok)->isEnabled());
    QTest::keyClicks(field, u"abc"_s);
    QByteArray given;
    connect(&dialog, &TokenDialog::tokenGiven, &dialog,
            [&given](const Secret &token) { given = token.view().toByteArray(); });
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(given, "abc");
    QCOMPARE(field->text(), QString());
    QVERIFY(!dialog.isVisible());
}

void DialogsTest::givesBackThePreferencesUnchanged()
{
    Choices choices;
    choices.theme = Theme::Dark;
    choices.language = Language::Chinese;
    choices.actor = u"alice"_s;
    choices.isReasonRequired = false;
    choices.closesToTray = true;
    choices.extension = std::chrono::seconds(45);
    choices.retention = std::chrono::minutes(0);
    const PreferencesDialog dialog(choices);
    QCOMPARE(dialog.choices(), choices);
}

void DialogsTest::givesBackWhatWasChosen()
{
    PreferencesDialog dialog{ Choices() };
    dialog.setAttribute(Qt::WA_DeleteOnClose, false);
    dialog.open();
    QTest::keyClicks(fieldOf<QLineEdit>(dialog, u"Your name:"_s), u"bob"_s);
    fieldOf<QComboBox>(dialog, u"Theme:"_s)->setCurrentIndex(2);
    Choices chosen;
    connect(&dialog, &PreferencesDialog::chosen, &dialog,
            [&chosen](const Choices &choices) { chosen = choices; });
    QTest::mouseClick(buttonOf(dialog, QDialogButtonBox::Ok), Qt::LeftButton);
    QCOMPARE(chosen.actor, u"bob"_s);
    QCOMPARE(chosen.theme, Theme::Dark);
}

void DialogsTest::listsActionsThatHaveAShortcut()
{
    QAction with(u"&Search services…"_s);
    with.setShortcut(QKeySequence(u"Ctrl+F"_s));
    QAction without(u"About"_s);
    const ShortcutsDialog dialog({ &with, &without });
    const auto *list = dialog.findChild<QTreeWidget *>();
    QCOMPARE(list->findItems(u"Search services"_s, Qt::MatchExactly).size(), 1);
    QCOMPARE(list->findItems(u"About"_s, Qt::MatchExactly).size(), 0);
}

void DialogsTest::saysThatQuittingTouchesNoService()
{
    const AboutDialog dialog;
    const QList<QLabel *> labels = dialog.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(u"never touches a service"_s);
    }));
}

void DialogsTest::goesWhenItIsClosed()
{
    const QPointer<QDialog> dialog = new AboutDialog;
    dialog->open();
    dialog->close();
    QTRY_VERIFY(!dialog);
}

void DialogsTest::marksTheTrayIconByShape()
{
    const auto drawn = [](Tone tone) { return TrayIcon::iconFor(tone).pixmap(22).toImage(); };
    QCOMPARE(drawn(Tone::Good), drawn(Tone::Neutral));
    QVERIFY(!drawn(Tone::Good).isNull());
    QVERIFY(drawn(Tone::Busy) != drawn(Tone::Good));
    QVERIFY(drawn(Tone::Warning) != drawn(Tone::Busy));
    QVERIFY(drawn(Tone::Bad) != drawn(Tone::Warning));
}

QTEST_MAIN(DialogsTest)
#include "tst_dialogs.moc"
