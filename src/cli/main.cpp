// SPDX-License-Identifier: Apache-2.0
#include "cli/command_line.hpp"
#include "cli/log.hpp"
#include "cli/signals.hpp"
#include "cli/terminal.hpp"

#include <algorithm>
#include <malloc.h>
#include <string>

namespace misroute::cli {

namespace {

/// Bytes. glibc lets its own threshold grow with the blocks that are freed, and so keeps 2 to 3 MB of a report's
/// memory.
constexpr int k_kept_by_malloc = 64 * 1024;

} // namespace

} // namespace misroute::cli

int main(int argc, char **argv)
{
    using namespace misroute;
#ifdef M_TRIM_THRESHOLD
    mallopt(M_TRIM_THRESHOLD, cli::k_kept_by_malloc);
#endif
    cli::start_log(0, false);
    cli::Signals const signals;
    auto code = ExitCode::failure;
    try {
        code = cli::run_command_line({argv + 1, argv + std::max(argc, 1)}, {signals.stop()});
    } catch (Error const &error) {
        if (!signals.received()) {
            cli::show_error(error);
        }
    } catch (std::exception const &error) {
        cli::show_error(
            Error{error.what(), {}, "this is a fault of misroute; please report it with the command you ran"});
    }
    return static_cast<int>(signals.received().value_or(code));
}
