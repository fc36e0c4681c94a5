// SPDX-License-Identifier: GPL-3.0-only
// InstanceSpec: the names of its enums, and addresses as people type them.
#include "console/client/instancespec.h"

#include <array>

namespace quiesce {

using namespace Qt::StringLiterals;

namespace {

template <typename E>
struct Named
{
    E value;
    QLatin1StringView text;
};

constexpr std::array kEnvironments{
    Named<Environment>{ Environment::None, ""_L1 },
    Named<Environment>{ Environment::Development, "development"_L1 },
    Named<Environment>{ Environment::Staging, "staging"_L1 },
    Named<Environment>{ Environment::Production, "production"_L1 },
};
constexpr std::array kTokenSources{
    Named<TokenSource>{ TokenSource::File, "file"_L1 },
    Named<TokenSource>{ TokenSource::Keyring, "keyring"_L1 },
    Named<TokenSource>{ TokenSource::Ask, "ask"_L1 },
};

template <typename E, size_t N>
QString textOf(const std::array<Named<E>, N> &names, E value)
{
    for (const Named<E> &name : names) {
        if (name.value == value)
            return name.text;
    }
    return {};
}

template <typename E, size_t N>
std::optional<E> valueOf(const std::array<Named<E>, N> &names, QStringView text)
{
    for (const Named<E> &name : names) {
        if (text == name.text)
            return name.value;
    }
    return std::nullopt;
}

} // namespace

QString toText(Environment environment)
{
    return textOf(kEnvironments, environment);
}

std::optional<Environment> environmentFromText(QStringView text)
{
    return valueOf(kEnvironments, text);
}

QString toText(TokenSource source)
{
    return textOf(kTokenSources, source);
}

std::optional<TokenSource> tokenSourceFromText(QStringView text)
{
    return valueOf(kTokenSources, text);
}

std::optional<QUrl> adminUrlFromUserInput(const QString &text)
{
    QString written = text.trimmed();
    if (!written.contains("://"_L1))
        written.prepend("http://"_L1);
    QUrl url(written, QUrl::StrictMode);
    const QString scheme = url.scheme();
    if (!url.isValid() || url.host().isEmpty() || (scheme != "http"_L1 && scheme != "https"_L1)
        || !url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment()
        || (!url.path().isEmpty() && url.path() != "/"_L1))
        return std::nullopt;
    url.setPath({});
    return url;
}

} // namespace quiesce
