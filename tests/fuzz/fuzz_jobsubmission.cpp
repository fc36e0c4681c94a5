// SPDX-License-Identifier: GPL-3.0-only
// Any bytes as a client's submission of a command, and as what the command then writes: refused, or
// arguments that stay what the operator meant, and readings within their bounds.
#include "common/jobs/commandarguments.h"
#include "common/jobs/commandfields.h"
#include "common/jobs/commandmeter.h"
#include "service/http/jobs/submission.h"
#include "tests/fuzz/pieces.h"

#include <QJsonDocument>
#include <algorithm>
#include <cstdint>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::require;

namespace {

const CommandSettings &command()
{
    using Type = CommandField::Type;
    static const CommandSettings settings = [] {
        CommandSettings made;
        made.name = u"convert"_s;
        made.program = u"/bin/convert"_s;
        made.arguments = { { u"{number}"_s },
                           { u"{text}"_s },
                           { u"-x{word}-{text}"_s },
                           { u"-t"_s, u"{title}"_s },
                           { u"{?fast}"_s, u"-fast"_s },
                           { u"{path}"_s },
                           { u"{free}"_s } };
        made.resumePattern = u"^at (.*)$"_s;
        made.progress = { .pattern = u"(\\d+):(\\d+):([\\d.]+)"_s,
                          .total = 0,
                          .totalPattern = u"of (\\S+)"_s };
        made.fields = {
            { .name = u"number"_s, .type = Type::Integer, .min = 0, .max = 100, .defaultValue = 7 },
            { .name = u"text"_s, .maxLength = 64, .defaultValue = u"t"_s },
            { .name = u"word"_s, .pattern = u"(\\w+ ?)*"_s, .defaultValue = u"w"_s },
            { .name = u"title"_s, .isRequired = false },
            { .name = u"fast"_s, .type = Type::Boolean, .defaultValue = false },
            { .name = u"path"_s,
              .type = Type::Path,
              .roots = { u"/srv/in"_s },
              .defaultValue = u"/srv/in/a"_s },
            { .name = u"free"_s, .mayBeOption = true, .defaultValue = u"-f"_s },
        };
        return made;
    }();
    return settings;
}

void checkArguments(const FieldValues &values)
{
    const auto arguments = expandArguments(command(), values);
    if (!arguments)
        return;
    const QStringList &made = arguments.value();
    const int optional =
        (values.contains(u"title"_s) ? 2 : 0) + (values.value(u"fast"_s) == "true"_L1 ? 1 : 0);
    require(made.size() == 5 + optional, "each element makes one argument");
    require(!made[0].startsWith(u'-') && !made[1].startsWith(u'-'), "no field becomes an option");
    require(made[2].startsWith("-x"_L1), "what is written in the template stays");
    require(made[made.size() - 2].startsWith("/srv/in/"_L1), "a path lies below its root");
    require(!made[made.size() - 2].contains("/../"_L1), "and stays there");
    require(std::none_of(made.begin(), made.end(),
                         [](const QString &text) { return text.contains(QChar(0)); }),
            "NUL ends no argument");
}

void submit(const QByteArray &bytes)
{
    const auto request = readSubmission("application/json", bytes, "key");
    if (!request) {
        require(request.error().status >= 400 && request.error().status < 500,
                "it is the client's fault");
        require(QJsonDocument::fromJson(problemJson(request.error())).isObject(), "as a problem");
    } else {
        require(!request.value().kind.isEmpty(), "there is a kind");
    }
    const QJsonObject payload =
        request ? request.value().payload : QJsonDocument::fromJson(bytes).object();
    if (const auto values = readFields(command().fields, payload))
        checkArguments(values.value());
}

void meter(const QByteArray &bytes)
{
    CommandMeter reader(command(), {});
    for (const QByteArray &line : bytes.split('\n')) {
        const CommandMeter::Reading reading = reader.read(line);
        require(!reading.progress || (*reading.progress >= 0 && *reading.progress <= 1),
                "progress is from 0 to 1");
        require(!reading.resume || reading.resume->size() <= CommandMeter::kMaxResumeChars,
                "a resume point is within its bound");
    }
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int * /*argc*/, char *** /*argv*/)
{
    qInstallMessageHandler([](QtMsgType, const QMessageLogContext &, const QString &) {});
    require(faultOfArguments(command()).isEmpty(), "the template is right");
    require(faultOfMeter(command()).isEmpty(), "the patterns are right");
    return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArray bytes(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    submit(bytes);
    meter(bytes);
    return 0;
}
