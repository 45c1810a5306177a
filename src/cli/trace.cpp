// SPDX-License-Identifier: Apache-2.0
//
// misroute trace: one issuer's requests in order, each with its verdict, and the pattern of dispatch.
#include "investigate/trace.hpp"

#include "cli/commands.hpp"
#include "cli/log.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/terminal.hpp"
#include "cli/trace_output.hpp"
#include "cli/zone.hpp"
#include "misroute/source.hpp"
#include "report/trace_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <memory>

namespace misroute::cli {

namespace {

constexpr std::size_t k_default_limit = 200;
constexpr Milliseconds k_around = std::chrono::minutes{15};

struct TraceFlags
{
    SourceFlags source;
    WindowFlags window;
    std::string issuer;
    std::string around;
    std::size_t limit = k_default_limit;
    std::string format;
    std::string file;
    std::string color = "auto";
    OutputFlags log; ///< only -q, -v and --no-progress
};

struct Asked
{
    std::optional<IssuerKind> kind; ///< nothing: a bare name
    std::string name;
    bool instance = false; ///< instance:NAME
};

/// What is traced.
struct Subject
{
    Issuer issuer;
    bool whole = false; ///< all of the instance that was asked for
};

Asked parse_issuer(std::string const &text)
{
    auto const colon = text.find(':');
    auto const word = text.substr(0, colon);
    if (colon != std::string::npos && word == "instance") {
        return {std::nullopt, text.substr(colon + 1), true};
    }
    auto const kind = colon == std::string::npos ? std::nullopt : parse_issuer_kind(word);
    if (kind && *kind != IssuerKind::tag) {
        return {kind, text.substr(colon + 1)};
    }
    // "claude.example.com:443" is a host; "hots:x" is a mistake.
    bool const host = word.find('.') != std::string::npos;
    if (colon != std::string::npos && !host) {
        auto const near = nearest(word, {"host", "key", "team", "user", "end-user", "ip", "instance"});
        throw Error{fmt::format("unknown kind of issuer \"{}\"", word),
                    {},
                    near.empty()
                        ? "write host:NAME, key:NAME, team:NAME, user:NAME, end-user:NAME, ip:ADDRESS or instance:NAME"
                        : fmt::format("did you mean \"{}\"?", near)};
    }
    return {std::nullopt, host ? word : text};
}

/// Says which instances or issuers there are.
void show_absence(Asked const &asked, std::vector<std::string> names, bool in_window)
{
    auto const near = nearest(asked.name, names);
    names.resize(std::min<std::size_t>(names.size(), 8));
    show_error(
        Error{fmt::format("{} \"{}\"{}", asked.instance && !in_window ? "no instance is called" : "no request of",
                          asked.name, in_window ? " in this window" : ""),
              {},
              names.empty()  ? "widen the window with --since 7d"
              : near.empty() ? fmt::format("there are: {}", fmt::join(names, ", "))
                             : fmt::format("did you mean \"{}\"?", near)});
}

std::vector<std::string> instance_names(Expectations const &expected)
{
    std::vector<std::string> names;
    for (auto const &instance : expected.instances) {
        names.push_back(instance.name);
    }
    return names;
}

std::optional<Subject> find_instance(Tally const &tally, Expectations const &expected, Asked const &asked)
{
    bool const known = expected.by_name(asked.name).has_value();
    if (known && !issuers_of(tally, expected, asked.name).empty()) {
        return Subject{{}, true};
    }
    show_absence(asked, known ? std::vector<std::string>{} : instance_names(expected), known);
    return std::nullopt;
}

/// The issuer meant, or the instance; nothing, after saying which there are, when the window does not have it.
std::optional<Subject> find_subject(Tally const &tally, Expectations const &expected, Asked const &asked)
{
    if (asked.instance) {
        return find_instance(tally, expected, asked);
    }
    bool const instance = !asked.kind && expected.by_name(asked.name).has_value();
    auto const known = issuers_of(tally, asked.kind);
    std::vector<Issuer> found;
    std::vector<std::string> names;
    for (auto const &issuer : known) {
        if (issuer.name == asked.name && (!asked.kind || issuer.kind == *asked.kind)) {
            found.push_back(issuer);
        }
        names.push_back(issuer.name);
    }
    if (found.size() + (instance ? 1U : 0U) > 1) {
        std::vector<std::string> meanings =
            instance ? std::vector{"instance:" + asked.name} : std::vector<std::string>{};
        std::ranges::transform(found, std::back_inserter(meanings), &Issuer::text);
        throw Error{fmt::format("\"{}\" may mean {} things", asked.name, meanings.size()),
                    {},
                    fmt::format("write {}", fmt::join(meanings, " or "))};
    }
    if (instance) {
        return find_instance(tally, expected, asked);
    }
    if (found.size() == 1) {
        return Subject{found.front()};
    }
    auto const instances = asked.kind ? std::vector<std::string>{} : instance_names(expected);
    names.insert(names.end(), instances.begin(), instances.end());
    show_absence(asked, std::move(names), true);
    return std::nullopt;
}

struct ReaderGone
{
};

/// Where the parts of the document go: to stdout at once, to a file when it is whole.
class Sink
{
public:
    explicit Sink(std::string file) : m_file{std::move(file)} {}

    /// Throws ReaderGone when stdout is closed: the rest need not be read.
    void write(std::string const &part)
    {
        if (!m_file.empty()) {
            m_text += part;
        } else if (!write_stdout(part)) {
            throw ReaderGone{};
        }
    }
    void finish() const
    {
        if (!m_file.empty()) {
            write_file(m_file, m_text);
        }
    }

private:
    std::string m_file;
    std::string m_text;
};

Window window_for(TraceFlags const &flags, Instant now, Zone const &zone)
{
    if (flags.around.empty()) {
        return window_of(flags.window, now, zone);
    }
    auto const middle = instant_of(flags.around, "--around", now, zone);
    return {middle - k_around, middle + k_around};
}

void warn_of(std::vector<Gap> const &gaps)
{
    for (auto const &gap : gaps) {
        warn(fmt::format("{} to {} could not be read, and requests may be missing: {}", to_rfc3339(gap.window.since),
                         to_rfc3339(gap.window.until), gap.reason));
    }
}

ExitCode run_trace(TraceFlags const &flags, Context const &context)
{
    start_log(flags.log.verbose, flags.log.quiet);
    auto const asked = parse_issuer(flags.issuer);
    auto const &format = trace_format_of(flags.format, flags.file);
    auto const zone = zone_of(flags.log.tz);
    auto const now = now_of(flags.window, zone);
    auto const window = window_for(flags, now, zone);
    auto const config = find_config(flags.source.config, now);
    expect_instances(flags.source.config, config);
    auto const source =
        log_rows(std::make_shared<Source>(source_options(flags.source, flags.log, config, "trace", context)));
    auto const tally = source->tally(window, ByOption{asked.kind.value_or(IssuerKind::host), {}});
    warn_of(tally.gaps);
    auto const subject = find_subject(tally, config.expectations, asked);
    if (!subject) {
        return ExitCode::inconclusive;
    }
    auto tracer = subject->whole ? Tracer{*source, config.expectations, tally, asked.name}
                                 : Tracer{*source, config.expectations, tally, subject->issuer};
    auto options = render_options(Stream::out, flags.file.empty() ? flags.color : "never");
    options.zone = zone;
    auto const renderer = format.make(options);
    Sink sink{flags.file};
    bool examined = true;
    try {
        sink.write(renderer->begin({subject->issuer, tracer.instance(), window, subject->whole}));
        auto const summary = tracer.trace(flags.limit, [&](TraceRow const &row) { sink.write(renderer->row(row)); });
        examined = summary.counts.scanned() > 0;
        sink.write(renderer->end(summary));
        sink.finish();
    } catch (ReaderGone const &) { // head has seen enough
    }
    auto const missed = source->missed();
    warn_of(missed);
    return examined && tally.gaps.empty() && missed.empty() ? ExitCode::clean : ExitCode::inconclusive;
}

} // namespace

TraceFormat const &trace_format_of(std::string const &name, std::string const &file)
{
    if (!name.empty() && name != "auto") {
        auto const *format = find_trace_format(name);
        if (format == nullptr) {
            throw Error{fmt::format("trace has no format \"{}\"", name), {}, "use table, json, csv, markdown or html"};
        }
        return *format;
    }
    for (auto const &format : trace_formats()) {
        if (!file.empty() && file.ends_with(format.extension)) {
            return format;
        }
    }
    return trace_formats().front();
}

Action add_trace(Arguments arguments)
{
    auto flags = std::make_shared<TraceFlags>();
    arguments
        .option("issuer", flags->issuer,
                "host:NAME, key:NAME, …, instance:NAME for all that enters there, or a bare name when it is unique")
        .named("ISSUER")
        .required();
    add_options(arguments, flags->source);
    add_options(arguments, flags->window);
    arguments.option("--around", flags->around, "A quarter of an hour before and after this time").named("TIME");
    arguments.option("--limit", flags->limit, "Show the newest so many requests; 0 for all").with_default();
    arguments.option("-f,--format", flags->format, "One of: table, json, csv, markdown, html")
        .named("FORMAT")
        .proposing({"table", "json", "csv", "markdown", "html"});
    arguments.option("--color", flags->color, "Colours").named("WHEN").one_of({"auto", "always", "never"});
    add_one_output(arguments, flags->file, flags->log);
    return [flags](Context const &context) { return run_trace(*flags, context); };
}

} // namespace misroute::cli
