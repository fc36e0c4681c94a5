// SPDX-License-Identifier: GPL-3.0-only
// Any bytes as a configuration file: settings, or errors that name the file and the line.
#include "service/core/exitcodes.h"
#include "service/host/configuration/configuration.h"
#include "tests/fuzz/pieces.h"

#include <cstdint>
#include <sys/mman.h>
#include <unistd.h>

using namespace Qt::StringLiterals;
using namespace quiesce;
using quiesce::test::require;

namespace {

/// A file of memory that the configuration can be read from by name.
class MemoryFile final
{
public:
    MemoryFile()
        : m_descriptor(::memfd_create("configuration", 0))
    {
        require(m_descriptor >= 0, "there is a file of memory");
    }
    ~MemoryFile() { ::close(m_descriptor); }
    MemoryFile(const MemoryFile &) = delete;
    MemoryFile &operator=(const MemoryFile &) = delete;

    void write(const void *data, std::size_t size) const
    {
        require(::ftruncate(m_descriptor, 0) == 0
                    && ::pwrite(m_descriptor, data, size, 0) == static_cast<ssize_t>(size),
                "it can be written");
    }
    [[nodiscard]] QString path() const { return u"/proc/self/fd/%1"_s.arg(m_descriptor); }

private:
    int m_descriptor;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const MemoryFile file;
    file.write(data, size);
    QProcessEnvironment environment;
    environment.insert(u"HOME"_s, u"/nonexistent"_s);
    const auto loaded = Configuration::load(
        { .arguments = { u"quiesced"_s, u"--config"_s, file.path(), u"--check-config"_s },
          .environment = environment,
          .name = u"quiesced"_s,
          .version = u"0"_s });
    require(!loaded.isOk(), "a check ends without a configuration to run");
    const EarlyExit &verdict = loaded.error();
    require(verdict.code == kExitOk || verdict.code == kExitConfiguration, "fine or not");
    if (verdict.code == kExitConfiguration)
        require(verdict.text.contains(file.path()), "an error names the file");
    return 0;
}
