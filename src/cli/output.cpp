// SPDX-License-Identifier: Apache-2.0
#include "cli/output.hpp"

#include "cli/terminal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace misroute::cli {

namespace {

struct Destination
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

Format const *format_of_file(std::string const &file)
{
    for (auto const &format : formats()) {
        if (!format.extension.empty() && file.ends_with(format.extension)) {
            return &format;
        }
    }
    return find_format("table");
}

/// --format names the next -o, or stdout when none follows; a single pair belongs together in either order.
std::vector<Destination> destinations(OutputFlags const &flags)
{
    if (flags.formats.size() == 1 && flags.files.size() == 1) {
        return {{known_format(flags.formats.front()), flags.files.front()}};
    }
    std::vector<Destination> result;
    Format const *pending = nullptr;
    std::size_t format = 0;
    std::size_t file = 0;
    auto const flush = [&] {
        if (pending != nullptr) {
            result.push_back({pending, {}});
            pending = nullptr;
        }
    };
    auto const take = [&](bool is_format) {
        if (is_format) {
            flush();
            pending = known_format(flags.formats.at(format++));
        } else {
            auto const &name = flags.files.at(file++);
            result.push_back({pending == nullptr ? format_of_file(name) : pending, name});
            pending = nullptr;
        }
    };
    for (auto const *option : flags.app->parse_order()) {
        if (option->check_lname("format") && format < flags.formats.size()) {
            take(true);
        } else if (option->check_lname("output") && file < flags.files.size()) {
            take(false);
        }
    }
    while (format < flags.formats.size()) { // from the environment: in no order
        take(true);
    }
    while (file < flags.files.size()) {
        take(false);
    }
    flush();
    if (result.empty()) {
        result.push_back({known_format("table"), {}});
    }
    if (std::count_if(result.begin(), result.end(), [](Destination const &to) { return to.file.empty(); }) > 1) {
        throw Error{"two formats for stdout", {}, "give all but one of them a file: --format junit -o junit.xml"};
    }
    return result;
}

/// A Nagios plugin speaks by its exit code, so its format on stdout decides over misroute's own.
bool is_plugin(OutputFlags const &flags)
{
    return std::ranges::any_of(destinations(flags),
                               [](Destination const &to) { return to.format->name == "nagios" && to.file.empty(); });
}

Severity threshold(std::string const &fail_on)
{
    return fail_on == "error" ? Severity::error : fail_on == "warning" ? Severity::warning : Severity::info;
}

void write_all(int descriptor, std::string const &text, std::string const &name)
{
    std::size_t written = 0;
    while (written < text.size()) {
        auto const count = write(descriptor, text.data() + written, text.size() - written);
        if (count < 0 && errno != EINTR) {
            throw Error{fmt::format("cannot write {}: {}", name, reason()), {}, "nothing else was changed"};
        }
        written += count > 0 ? static_cast<std::size_t>(count) : 0;
    }
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

} // namespace

ExitCode exit_code_of(Report const &report, OutputFlags const &flags)
{
    if (report.check) {
        auto const &verdict = report.check->verdict;
        return verdict == "pass"   ? ExitCode::clean
               : verdict != "fail" ? ExitCode::inconclusive
               : flags.exit_zero   ? ExitCode::clean
                                   : ExitCode::findings;
    }
    bool const counts = flags.fail_on != "never";
    bool const found =
        counts && std::any_of(report.findings.begin(), report.findings.end(), [&](Finding const &finding) {
            return !finding.suppressed && finding.severity >= threshold(flags.fail_on);
        });
    if (found && !flags.exit_zero) {
        return ExitCode::findings;
    }
    bool const readable = !report.cluster || report.cluster->problems.empty();
    return report.examined() && report.complete() && readable ? ExitCode::clean : ExitCode::inconclusive;
}

ExitCode deliver(Report const &report, OutputFlags const &flags)
{
    auto const code = exit_code_of(report, flags);
    for (auto const &to : destinations(flags)) {
        auto options = render_options(Stream::out, to.file.empty() ? flags.color : "never");
        options.exit_code = static_cast<int>(code);
        options.verbose = flags.verbose > 0;
        if (!to.file.empty()) {
            options.unicode = true;
            write_file(to.file, to.format->render(report, options));
        } else if (!flags.quiet || code != ExitCode::clean || to.format->name != "table") {
            write_stdout(to.format->render(report, options));
        }
    }
    return is_plugin(flags) ? static_cast<ExitCode>(nagios_status(report, static_cast<int>(code))) : code;
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

void write_stdout(std::string const &text)
{
    write_all(STDOUT_FILENO, text, "to stdout");
}

void write_file(std::string const &file, std::string const &text)
{
    struct stat status
    {
    };
    bool const special = stat(file.c_str(), &status) == 0 && !S_ISREG(status.st_mode);
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
    constexpr mode_t k_mode = 0644;
    if (fchmod(temporary.descriptor(), k_mode) != 0 || !temporary.keep_as(file)) {
        throw Error{fmt::format("cannot write \"{}\": {}", file, reason()), {}, "choose another file"};
    }
}

void check_formats(OutputFlags const &flags)
{
    destinations(flags);
}

} // namespace misroute::cli
