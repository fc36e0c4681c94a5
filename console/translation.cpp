// SPDX-License-Identifier: GPL-3.0-only
// Translations: from the program's own resources, Qt's from where Qt keeps them.
#include "console/translation.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>
#include <QTranslator>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

QLocale localeOf(Language language)
{
    switch (language) {
    case Language::System:
        return QLocale::system();
    case Language::English:
        return QLocale(QLocale::English);
    case Language::Chinese:
        return QLocale(QLocale::Chinese, QLocale::SimplifiedChineseScript, QLocale::China);
    }
    return QLocale::system();
}

bool install(const QLocale &locale, const QString &name, const QString &folder)
{
    auto *translator = new QTranslator(QCoreApplication::instance());
    return translator->load(locale, name, u"_"_s, folder)
        && QCoreApplication::installTranslator(translator);
}

} // namespace

void installTranslation(Language language)
{
    const QLocale locale = localeOf(language);
    QLocale::setDefault(locale);
    install(locale, u"qtbase"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath));
    // English has a file as well, of its plurals; it is also for languages that have none.
    if (!install(locale, u"quiesce-console"_s, u":/translations"_s))
        install(QLocale(QLocale::English), u"quiesce-console"_s, u":/translations"_s);
}

} // namespace quiesce
