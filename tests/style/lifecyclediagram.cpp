// SPDX-License-Identifier: GPL-3.0-only
// Reads the README's state diagram: finds the block, then goes through it line by line.
#include "tests/style/lifecyclediagram.h"

#include <QHash>
#include <QRegularExpression>

namespace quiesce::style {

using namespace Qt::StringLiterals;

namespace {

QStringList blockOf(const QString &markdown)
{
    static const QRegularExpression pattern(
        uR"(^<!-- lifecycle -->\s*```mermaid\s*stateDiagram-v2\n(.*?)```\s*<!-- /lifecycle -->$)"_s,
        QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption);
    return pattern.match(markdown).captured(1).split(u'\n', Qt::SkipEmptyParts);
}

} // namespace

Result<LifecycleEdges, QString> readLifecycleDiagram(const QString &markdown)
{
    static const QRegularExpression name(uR"re(^\s*state "([^"]+)" as (\w+)$)re"_s);
    static const QRegularExpression edge(uR"(^\s*(\w+|\[\*\]) --> (\w+|\[\*\])(\s*:.*)?$)"_s);
    static const QRegularExpression passedOver(uR"(^\s*(%%|note |direction |$))"_s);

    const QStringList lines = blockOf(markdown);
    if (lines.isEmpty())
        return Failure{ u"no state diagram between the lifecycle markers"_s };
    QHash<QString, QString> wireNames;
    LifecycleEdges edges;
    for (const QString &line : lines) {
        if (const auto named = name.match(line); named.hasMatch()) {
            wireNames.insert(named.captured(2), named.captured(1));
        } else if (const auto drawn = edge.match(line); drawn.hasMatch()) {
            const auto wire = [&](int i) {
                return wireNames.value(drawn.captured(i), drawn.captured(i));
            };
            edges.append(u"%1 -> %2"_s.arg(wire(1), wire(2)));
        } else if (!passedOver.match(line).hasMatch()) {
            return Failure{ u"not understood: %1"_s.arg(line) };
        }
    }
    edges.sort();
    return edges;
}

} // namespace quiesce::style
