// SPDX-License-Identifier: Apache-2.0
//
// What the terminal is and can show. stdout carries the report; everything said here goes to stderr.
#pragma once

#include "misroute/model/error.hpp"
#include "misroute/report.hpp"
#include "misroute/source.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace misroute::cli {

enum class Stream
{
    out,
    err,
};

bool is_terminal(Stream stream);

/// Width, colour and characters for what goes to `stream`: --color, NO_COLOR, FORCE_COLOR, TERM, COLUMNS, the locale.
RenderOptions render_options(Stream stream, std::string const &color);

/// One line that may be shown on a terminal, with keys masked; and the same for a text of several lines.
std::string safe(std::string_view text);
std::string safe_lines(std::string_view text);

/// Writes as much as stderr takes. That nobody can be told of an error is no reason to end in another way.
void write_stderr(std::string_view text);

/// Takes away a progress line that stands where the next words go: a part that could not be read leaves it half done.
void clear_progress();

/// Redraws the progress line at every call, with rate and time left; clears it after the last slice.
class ProgressLine
{
public:
    void operator()(Progress const &progress);

private:
    std::optional<Progress> m_first; ///< what was there when the clock started
    std::chrono::steady_clock::time_point m_began;
};

/// Says on the same line that the server has other things to do.
void show_waiting(std::int64_t active);

/// misroute: error: …, the place, and a hint, each on its own line.
void show_error(Error const &error);

} // namespace misroute::cli
