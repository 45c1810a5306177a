// SPDX-License-Identifier: Apache-2.0
//
// misroute render: a saved JSON report again, in any format. Reads no database and no clock.
#include "cli/commands.hpp"
#include "cli/history_output.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/trace_output.hpp"
#include "cli/zone.hpp"
#include "report/saved.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <span>
#include <unistd.h>

namespace misroute::cli {

namespace {

constexpr std::size_t k_named_keys = 6;
constexpr std::size_t k_longest_report = std::size_t{64} << 20U;
constexpr std::string_view k_what_to_name = "name what misroute wrote with --format json, or - for standard input";

struct RenderFlags
{
    std::vector<std::string> files;
    OutputFlags output;
};

/// A pipe or a device has no size to look at before: what is read is counted.
std::string read_bounded(std::istream &stream, std::string const &name)
{
    std::string all;
    for (std::array<char, 65536> part{}; stream && all.size() <= k_longest_report;) {
        stream.read(part.data(), part.size());
        all.append(part.data(), static_cast<std::size_t>(stream.gcount()));
    }
    if (all.size() > k_longest_report) {
        throw Error{"this is longer than 64 MB, and no report is", name, std::string{k_what_to_name}};
    }
    return all;
}

std::string read_whole(std::string const &file)
{
    if (file == "-") {
        if (isatty(STDIN_FILENO) != 0) {
            throw Error{"standard input is a terminal", {}, "pipe a report in, or name its file"};
        }
        return read_bounded(std::cin, "<stdin>");
    }
    std::error_code ignored;
    auto const kind = std::filesystem::status(file, ignored).type();
    std::ifstream stream{file, std::ios::binary};
    if (!stream) {
        throw Error{"the report cannot be read: no such file, or no permission to read it", file,
                    std::string{k_what_to_name}};
    }
    if (kind == std::filesystem::file_type::directory || kind == std::filesystem::file_type::block) {
        throw Error{"this is no file", file, std::string{k_what_to_name}};
    }
    return read_bounded(stream, file);
}

Saved read_document(std::string const &file)
{
    auto saved = read_saved(read_whole(file), file == "-" ? "<stdin>" : file);
    if (auto const &unknown = saved.left_out; !unknown.empty()) {
        std::span const named{unknown.data(), std::min(unknown.size(), k_named_keys)};
        warn(fmt::format("{}: a newer misroute wrote what this one leaves out: {}{}", file, fmt::join(named, ", "),
                         named.size() < unknown.size() ? ", …" : ""));
    }
    return saved;
}

ExitCode deliver_trace(SavedTrace const &trace, OutputFlags const &flags)
{
    auto const to = one_output(flags);
    auto options = render_options(Stream::out, to.file.empty() ? flags.color : "never");
    options.zone = zone_of(flags.tz);
    auto const text = render(trace, trace_format_of(to.format, to.file), options);
    if (to.file.empty()) {
        write_stdout(text);
    } else {
        write_file(to.file, text);
    }
    return ExitCode::clean;
}

std::vector<Report> reports_of(std::vector<std::string> const &files)
{
    std::vector<Report> reports;
    for (auto const &file : files) {
        auto saved = read_document(file);
        auto *report = std::get_if<Report>(&saved.document);
        if (report == nullptr) {
            throw Error{"a trace cannot be shown beside other documents", file, "render it alone"};
        }
        reports.push_back(std::move(*report));
    }
    std::ranges::stable_sort(
        reports, {}, [](Report const &report) { return report.window ? report.window->since : report.generated_at; });
    return reports;
}

ExitCode run_render(RenderFlags const &flags)
{
    start_log(flags.output.verbose, flags.output.quiet);
    if (flags.files.empty()) {
        throw Error{"no report given", {}, "name a file, or - for standard input: misroute render report.json"};
    }
    if (flags.files.size() > 1) {
        return deliver(reports_of(flags.files), flags.output);
    }
    auto const saved = read_document(flags.files.front());
    if (auto const *trace = std::get_if<SavedTrace>(&saved.document)) {
        return deliver_trace(*trace, flags.output);
    }
    if (auto const *history = std::get_if<IncidentHistory>(&saved.document)) {
        auto const to = one_output(flags.output);
        return deliver(*history, history_format_of(to.format, to.file), to.file, zone_of(flags.output.tz));
    }
    return deliver(std::get<Report>(saved.document), flags.output, zone_of(flags.output.tz));
}

} // namespace

Action add_render(Arguments arguments)
{
    auto flags = std::make_shared<RenderFlags>();
    arguments.repeated("file", flags->files, "What --format json wrote; - for standard input. Several with html")
        .named("FILE");
    add_options(arguments, flags->output);
    return [flags](Context const &) { return reporting(flags->output, [&] { return run_render(*flags); }); };
}

} // namespace misroute::cli
