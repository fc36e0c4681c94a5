// SPDX-License-Identifier: GPL-3.0-only
// Changes as curl commands: see the header.
#include "console/model/acting/curltext.h"

#include "console/client/http/commandwire.h"

namespace quiesce {

using namespace Qt::StringLiterals;

QString shellQuoted(const QString &text)
{
    QString inner = text;
    inner.replace(u'\'', R"('\'')"_L1);
    return u'\'' + inner + u'\'';
}

QString curlText(const InstanceSpec &spec, const CommandRequest &request)
{
    const HttpAsk ask = askOf(request); // what the console itself would send
    QUrl url = spec.adminUrl;
    url.setPath(ask.path, QUrl::TolerantMode);
    QStringList words{ u"curl --silent --show-error --request"_s, QString::fromLatin1(ask.method) };
    if (!spec.caFile.isEmpty())
        words << u"--cacert"_s << shellQuoted(spec.caFile);
    words << uR"(--header "Authorization: Bearer $TOKEN")"_s
          << u"--header 'Content-Type: application/json'"_s << u"--data"_s
          << shellQuoted(QString::fromUtf8(ask.body))
          << shellQuoted(QString::fromLatin1(url.toEncoded()));
    const QString command = words.join(u' ');
    if (spec.tokenSource != TokenSource::File || spec.tokenFile.isEmpty())
        return command;
    return u"TOKEN=$(cat -- %1) &&\n"_s.arg(shellQuoted(spec.tokenFile)) + command;
}

} // namespace quiesce
