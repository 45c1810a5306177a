// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/log.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <filesystem>
#include <malloc.h>
#include <string>
#include <unistd.h>

namespace misroute::cli {

namespace {

/// Bytes. glibc lets its own threshold grow with the blocks that are freed, and so keeps 2 to 3 MB of a report's
/// memory.
constexpr int k_kept_by_malloc = 64 * 1024;

/// Each thread would have an arena of its own, and keep what the others could use: 7 of 50 MB, where workers mostly
/// wait for the database.
constexpr int k_arenas_of_malloc = 1;

/// A descriptor that was closed by whoever started us would be the next one opened: errors would go to the database.
/// It is opened the wrong way round, so that what is written to it fails as on a closed one.
void hold_standard_descriptors()
{
    for (int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        if (fcntl(descriptor, F_GETFD) == -1 && errno == EBADF) {
            // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
            open("/dev/null", descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        }
    }
}

} // namespace

} // namespace misroute::cli

int main(int argc, char **argv)
{
    using namespace misroute;
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, cli::k_kept_by_malloc);
    mallopt(M_ARENA_MAX, cli::k_arenas_of_malloc);
#endif
    cli::hold_standard_descriptors();
    cli::start_log(0, false);
    cli::Signals const signals;
    auto code = ExitCode::failure;
    try {
        code = cli::run_command_line({argv + 1, argv + std::max(argc, 1)}, {signals.stop()});
    } catch (Error const &error) {
        if (!signals.received()) {
            cli::show_error(error);
        }
    } catch (std::filesystem::filesystem_error const &error) {
        cli::show_error(Error{fmt::format("cannot read \"{}\": {}", error.path1().string(), error.code().message()),
                              {},
                              "check the path and its permissions"});
    } catch (std::exception const &error) {
        cli::show_error(
            Error{error.what(), {}, "this is a fault of misroute; please report it with the command you ran"});
    }
    return static_cast<int>(signals.received().value_or(code));
}
