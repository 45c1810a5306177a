// SPDX-License-Identifier: Apache-2.0
#include "cli/terminal.hpp"

#include "misroute/model/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <string>
#include <sys/ioctl.h>
#include <unistd.h>

namespace misroute::cli {

namespace {

constexpr int k_default_width = 100;
constexpr int k_narrowest = 60;

std::string variable(char const *name)
{
    char const *const value = std::getenv(name); // NOLINT(concurrency-mt-unsafe): read before any thread starts
    return value == nullptr ? std::string{} : value;
}

int descriptor(Stream stream)
{
    return stream == Stream::out ? STDOUT_FILENO : STDERR_FILENO;
}

int width_of(Stream stream)
{
    int columns = std::atoi(variable("COLUMNS").c_str());
    winsize size{};
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
    if (columns <= 0 && ioctl(descriptor(stream), TIOCGWINSZ, &size) == 0) {
        columns = size.ws_col;
    }
    return columns <= 0 ? k_default_width : std::max(columns, k_narrowest);
}

bool wants_color(Stream stream, std::string const &color)
{
    if (color != "auto") {
        return color == "always";
    }
    if (!variable("NO_COLOR").empty()) {
        return false;
    }
    if (!variable("FORCE_COLOR").empty() || !variable("CLICOLOR_FORCE").empty()) {
        return true;
    }
    return is_terminal(stream) && variable("TERM") != "dumb";
}

bool speaks_utf8()
{
    for (char const *name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
        auto const value = variable(name);
        if (!value.empty()) {
            return value.find("UTF-8") != std::string::npos || value.find("utf8") != std::string::npos ||
                   value.find("UTF8") != std::string::npos;
        }
    }
    return false;
}

} // namespace

bool is_terminal(Stream stream)
{
    return isatty(descriptor(stream)) != 0;
}

RenderOptions render_options(Stream stream, std::string const &color)
{
    RenderOptions options;
    options.width = width_of(stream);
    options.color = wants_color(stream, color);
    options.unicode = speaks_utf8();
    return options;
}

std::string safe(std::string_view text)
{
    return text::printable(text, speaks_utf8() ? text::Charset::utf8 : text::Charset::ascii);
}

std::string safe_lines(std::string_view text)
{
    std::string result;
    for (auto const &line : text::printable_lines(text)) {
        result += (result.empty() ? "" : "\n") + line;
    }
    return result;
}

namespace {

void draw(std::string const &line)
{
    write_stderr("\r\x1b[K" + line);
}

/// "1 m 5 s": whole seconds, rounded up.
std::string left_text(double seconds)
{
    auto const whole = static_cast<std::int64_t>(std::ceil(seconds));
    return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} m {} s", whole / 60, whole % 60);
}

} // namespace

void ProgressLine::operator()(Progress const &progress)
{
    auto const now = std::chrono::steady_clock::now();
    if (progress.slices_done >= progress.slices) {
        m_first.reset(); // what is counted next has a clock of its own
        draw({});
        return;
    }
    auto line =
        fmt::format("{} of {} slices, {} rows", progress.slices_done, progress.slices, text::grouped(progress.rows));
    if (!m_first) {
        m_first = progress;
        m_began = now;
    } else if (auto const done = progress.slices_done - m_first->slices_done; done > 0) {
        auto const seconds = std::max(std::chrono::duration<double>(now - m_began).count(), 0.001);
        auto const rate = static_cast<double>(progress.rows - m_first->rows) / seconds;
        auto const left =
            seconds / static_cast<double>(done) * static_cast<double>(progress.slices - progress.slices_done);
        line += fmt::format(", {} rows/s, {} left", text::grouped(std::llround(rate)), left_text(left));
    }
    draw(line);
}

void write_stderr(std::string_view text)
{
    while (!text.empty()) {
        auto const written = write(STDERR_FILENO, text.data(), text.size());
        if (written < 0 && errno != EINTR) {
            return;
        }
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

void clear_progress()
{
    if (is_terminal(Stream::err) && variable("TERM") != "dumb") {
        draw({});
    }
}

void show_waiting(std::int64_t active)
{
    draw(fmt::format("waiting: {} other {} active on the server", active, active == 1 ? "backend is" : "backends are"));
}

void show_error(Error const &error)
{
    auto text = fmt::format("misroute: error: {}\n", safe(error.what()));
    text += error.context.empty() ? "" : fmt::format("  in {}\n", safe(error.context));
    text += error.hint.empty() ? "" : fmt::format("  hint: {}\n", safe(error.hint));
    clear_progress();
    write_stderr(text);
}

} // namespace misroute::cli
