// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include "cli/destinations.hpp"
#include "cli/log.hpp"
#include "cli/outcome.hpp"
#include "cli/post.hpp"
#include "cli/terminal.hpp"
#include "report/json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <string_view>
#include <sys/stat.h>
#include <unistd.h>

namespace misroute::cli {

namespace {

struct Target
{
    Format const *format = nullptr;
    std::string file; ///< empty: stdout
};

std::string reason()
{
    return std::strerror(errno);
} // NOLINT(concurrency-mt-unsafe): workers are gone by now

Format const *known_format(std::string const &name)
{
    bool const on_github = std::getenv("GITHUB_ACTIONS") != nullptr; // NOLINT(concurrency-mt-unsafe)
    if (name == "auto") {
        return find_format(on_github && find_format("github") != nullptr ? "github" : "table");
    }
    auto const *format = find_format(name);
    if (format == nullptr) {
        std::vector<std::string> names;
        for (auto const &known : formats()) {
            names.emplace_back(known.name);
        }
        auto const near = nearest(name, names);
        throw Error{fmt::format("unknown format \"{}\"", name),
                    {},
                    near.empty() ? fmt::format("use one of: {}", fmt::join(names, ", "))
                                 : fmt::format("did you mean \"{}\"?", near)};
    }
    return format;
}

/// A file without an ending is for people, as stdout is; one with an ending that no format has was meant otherwise.
Format const *format_of_file(std::string const &file)
{
    std::vector<std::string_view> endings;
    for (auto const &format : formats()) {
        if (!format.extension.empty() && file.ends_with(format.extension)) {
            return &format;
        }
        if (!format.extension.empty()) {
            endings.push_back(format.extension);
        }
    }
    auto const ending = std::filesystem::path{file}.extension().string();
    if (!ending.empty()) {
        throw Error{fmt::format("no format has the ending \"{}\"", ending),
                    {},
                    fmt::format("name one before it, --format table -o {}, or end the file with {}", file,
                                fmt::join(endings, ", "))};
    }
    return find_format("table");
}

std::vector<Target> targets(OutputFlags const &flags)
{
    std::vector<Target> result;
    for (auto const &to : paired(flags.destinations)) {
        result.push_back({to.format.empty() ? format_of_file(to.file) : known_format(to.format), to.file});
    }
    if (result.empty()) {
        result.push_back({known_format("table"), {}});
    }
    if (std::ranges::count_if(result, [](Target const &to) { return to.file.empty(); }) > 1) {
        throw Error{"two formats for stdout", {}, "give all but one of them a file: --format junit -o junit.xml"};
    }
    return result;
}

/// A Nagios plugin speaks by its exit code, so its format on stdout decides over misroute's own.
bool is_plugin(OutputFlags const &flags)
{
    return std::ranges::any_of(targets(flags),
                               [](Target const &to) { return to.format->name == "nagios" && to.file.empty(); });
}

Tolerance tolerance_of(OutputFlags const &flags)
{
    return {severity_of(flags.fail_on), flags.exit_zero, flags.allow_inconclusive};
}

/// 0, or the number of the error that stopped it.
int written(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        auto const count = write(descriptor, text.data(), text.size());
        if (count < 0 && errno != EINTR) {
            return errno;
        }
        text.remove_prefix(count > 0 ? static_cast<std::size_t>(count) : 0);
    }
    return 0;
}

void write_all(int descriptor, std::string const &text, std::string const &name)
{
    if (written(descriptor, text) != 0) {
        throw Error{fmt::format("cannot write {}: {}", name, reason()), {}, "make room, or choose another place"};
    }
}

constexpr mode_t k_permissions = 0777;
constexpr mode_t k_permissions_of_files = 0666;

/// Can only be read by setting it; no other thread runs any more.
mode_t current_umask()
{
    auto const mask = umask(S_IRWXG | S_IRWXO);
    umask(mask);
    return mask;
}

/// A file that disappears again unless it is kept.
class TemporaryFile
{
public:
    explicit TemporaryFile(std::string const &beside) : m_name{beside + ".XXXXXX"}, m_descriptor{mkstemp(m_name.data())}
    {
    }
    ~TemporaryFile()
    {
        if (m_descriptor >= 0) {
            close(m_descriptor);
            unlink(m_name.c_str());
        }
    }
    TemporaryFile(TemporaryFile const &) = delete;
    TemporaryFile &operator=(TemporaryFile const &) = delete;

    int descriptor() const { return m_descriptor; }

    /// Gives the file its name; false with errno when that fails.
    bool keep_as(std::string const &file)
    {
        bool const done = fsync(m_descriptor) == 0 && rename(m_name.c_str(), file.c_str()) == 0;
        if (done) {
            close(m_descriptor);
            m_descriptor = -1;
        }
        return done;
    }

private:
    std::string m_name;
    int m_descriptor;
};

/// Writes to every place there is: a disk that is full must not keep the report from all others.
class Attempts
{
public:
    void write(std::string const &file, std::string const &text)
    {
        try {
            file.empty() ? static_cast<void>(write_stdout(text)) : write_file(file, text);
        } catch (Error const &error) {
            m_failures.push_back(error);
        }
    }

    /// Throws the first of what went wrong, and shows the others.
    void end() const
    {
        for (std::size_t index = 1; index < m_failures.size(); ++index) {
            show_error(m_failures[index]);
        }
        if (!m_failures.empty()) {
            throw Error{m_failures.front()};
        }
    }

private:
    std::vector<Error> m_failures;
};

std::string posted(Report const &report, OutputFlags const &flags, Zone const &zone, ExitCode code)
{
    RenderOptions options;
    options.exit_code = static_cast<int>(code);
    options.zone = zone;
    return post(report, options, flags.post, report.changes ? nothing_changed(report) : nothing_to_say(report));
}

} // namespace

ExitCode deliver(Report const &exact, OutputFlags const &flags, Zone const &zone)
{
    auto const report = as_written(exact);
    check_post(flags.post);
    auto const code = exit_code_of(report, tolerance_of(flags));
    bool told = false;
    auto const changed = report.changes ? only_changes(report) : Report{};
    Attempts attempts;
    for (auto const &to : targets(flags)) {
        auto options = render_options(Stream::out, to.file.empty() ? flags.color : "never");
        options.exit_code = static_cast<int>(code);
        options.verbose = flags.verbose > 0;
        options.brief = flags.brief;
        options.zone = zone;
        options.fail_on = severity_of(flags.fail_on);
        options.unicode = options.unicode || !to.file.empty();
        bool const changes = report.changes && to.format->for_people;
        bool const silent = to.file.empty() && ((changes && nothing_changed(report)) ||
                                                (flags.quiet && nothing_to_say(report) && to.format->name == "table"));
        told = told || !silent;
        if (!silent) {
            attempts.write(to.file, to.format->render(changes ? changed : report, options));
        }
    }
    auto const trouble = flags.post.empty() ? std::string{} : posted(report, flags, zone, code);
    if (!trouble.empty() && !told) { // nobody heard of it, and what started misroute has to
        show_error(Error{trouble, {}, "check MISROUTE_POST, whose value is not shown"});
        return ExitCode::failure;
    }
    if (!trouble.empty()) {
        warn(trouble);
    }
    attempts.end();
    return is_plugin(flags) ? static_cast<ExitCode>(nagios_status(report, static_cast<int>(code))) : code;
}

ExitCode deliver(std::vector<Report> const &reports, OutputFlags const &flags)
{
    auto const all = targets(flags);
    for (auto const &to : all) {
        if (to.format->render_days == nullptr) {
            throw Error{fmt::format("--format {} shows one report, not {}", to.format->name, reports.size()),
                        {},
                        "add --format html, or render the reports one by one"};
        }
    }
    auto code = ExitCode::clean;
    for (auto const &report : reports) {
        auto const own = exit_code_of(report, tolerance_of(flags));
        code = own == ExitCode::findings || code == ExitCode::clean ? own : code;
    }
    Attempts attempts;
    for (auto const &to : all) {
        attempts.write(to.file, to.format->render_days(reports, render_options(Stream::out, "never")));
    }
    attempts.end();
    return code;
}

OneOutput one_output(OutputFlags const &flags)
{
    auto const destinations = paired(flags.destinations);
    if (destinations.size() > 1) {
        throw Error{"one format of a trace at a time", {}, "call misroute once for each"};
    }
    return destinations.empty() ? OneOutput{} : OneOutput{destinations.front().format, destinations.front().file};
}

ExitCode reporting(OutputFlags const &flags, std::function<ExitCode()> const &run)
{
    try {
        return run();
    } catch (Error const &error) {
        if (!is_plugin(flags)) {
            throw;
        }
        write_stdout(fmt::format("MISROUTE UNKNOWN: {}\n", safe(error.what())));
        show_error(error);
        return ExitCode::inconclusive;
    }
}

bool write_stdout(std::string const &text)
{
    clear_progress();
    auto const trouble = written(STDOUT_FILENO, text);
    if (trouble != 0 && trouble != EPIPE && trouble != EBADF) {
        throw Error{fmt::format("cannot write to stdout: {}", reason()), {}, "make room, or choose another place"};
    }
    return trouble == 0;
}

void write_file(std::string const &file, std::string const &text)
{
    struct stat status
    {
    };
    bool const exists = stat(file.c_str(), &status) == 0;
    bool const special = exists && !S_ISREG(status.st_mode);
    if (special) { // /dev/stderr, /dev/full, a pipe: nothing to rename
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        int const descriptor = open(file.c_str(), O_WRONLY | O_CLOEXEC);
        if (descriptor < 0) {
            throw Error{fmt::format("cannot write \"{}\": {}", file, reason()), {}, "choose another file"};
        }
        try {
            write_all(descriptor, text, fmt::format("\"{}\"", file));
        } catch (...) {
            close(descriptor);
            throw;
        }
        close(descriptor);
        return;
    }
    TemporaryFile temporary{file};
    if (temporary.descriptor() < 0) {
        throw Error{fmt::format("cannot write \"{}\": {}", file, reason()),
                    {},
                    "the folder must exist and be writable: the file is made beside its final place"};
    }
    write_all(temporary.descriptor(), text, fmt::format("\"{}\"", file));
    auto const mode = exists ? status.st_mode & k_permissions : k_permissions_of_files & ~current_umask();
    if (fchmod(temporary.descriptor(), mode) != 0 || !temporary.keep_as(file)) {
        throw Error{fmt::format("cannot write \"{}\": {}", file, reason()), {}, "choose another file"};
    }
}

void check_formats(OutputFlags const &flags)
{
    targets(flags);
    check_post(flags.post);
}

} // namespace misroute::cli
