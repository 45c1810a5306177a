// SPDX-License-Identifier: Apache-2.0
#include "misroute/config.hpp"

#include "config/how_to_write.hpp"
#include "config/yaml_progress.hpp"
#include "misroute/model/error.hpp"
#include "misroute/model/litellm.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

namespace misroute {

namespace {

constexpr std::size_t k_shortest_deployment = 8; // digits of a model_id: 32 bits of a hash

/// Reads YAML nodes and knows what to say, and where, when they are not what they should be.
class Reader
{
public:
    Reader(std::string name, std::vector<std::string> const &rules, Instant now)
        : m_name{std::move(name)},
          m_rules{rules},
          m_now{now}
    {
    }

    /// What could be read, and everything that is wrong, in the order of reading.
    ExaminedConfig read(std::string const &source);

private:
    [[noreturn]] void fail(YAML::Node const &node, std::string const &what, std::string const &hint = {}) const;
    /// Runs one part of the reading; what is wrong with it does not keep the others from being read.
    template <typename Part>
    void attempt(Part const &part)
    {
        try {
            part();
        } catch (Error const &error) {
            m_complaints.push_back(error);
        }
    }
    void read_root(YAML::Node const &root);
    Location where(YAML::Node const &node) const { return {m_name, node.Mark().line + 1}; }
    void expect_keys(YAML::Node const &map, std::string const &what, std::vector<std::string> const &known);
    void expect_key(std::string const &key, YAML::Node const &node, std::string const &what,
                    std::vector<std::string> const &known) const;
    std::string text(YAML::Node const &node, std::string const &what) const;
    bool flag(YAML::Node const &node, std::string const &what) const;
    std::vector<std::string> texts(YAML::Node const &node, std::string const &what) const;
    void read_entry(YAML::Node const &node);
    void read_instances(YAML::Node const &node);
    void read_expectations(Instance &instance, YAML::Node const &node, std::string const &what);
    Instance read_instance(std::string name, YAML::Node const &node);
    Expectation read_expectation(YAML::Node const &node);
    void warn_of_provider(YAML::Node const &node);
    void warn_of_short_deployments(YAML::Node const &node);
    std::string upstream(YAML::Node const &node) const;
    void claim_hosts(Instance &instance, YAML::Node const &hosts);
    void read_ignores(YAML::Node const &node);
    Ignore read_ignore(YAML::Node const &node);

    std::string m_name;
    std::vector<std::string> const &m_rules;
    Instant m_now;
    Config m_config;
    std::map<std::string, std::string> m_host_owner;
    std::vector<Error> m_complaints;
};

void Reader::fail(YAML::Node const &node, std::string const &what, std::string const &hint) const
{
    throw Error{what, where(node).text(), hint};
}

void Reader::expect_key(std::string const &key, YAML::Node const &node, std::string const &what,
                        std::vector<std::string> const &known) const
{
    if (std::find(known.begin(), known.end(), key) == known.end()) {
        auto const near = nearest(key, known);
        fail(node, fmt::format("unknown key \"{}\" in {}", key, what),
             near.empty() ? fmt::format("known keys: {}", fmt::join(known, ", "))
                          : fmt::format("did you mean \"{}\"?", near));
    }
}

void Reader::expect_keys(YAML::Node const &map, std::string const &what, std::vector<std::string> const &known)
{
    if (!map.IsMap()) {
        fail(map, fmt::format("{} must be a mapping", what), fmt::format("known keys: {}", fmt::join(known, ", ")));
    }
    std::set<std::string> seen;
    for (auto const &entry : map) {
        attempt([&] {
            auto const key = text(entry.first, "a key");
            expect_key(key, entry.first, what, known);
            if (!seen.insert(key).second) {
                fail(entry.first, fmt::format("\"{}\" stands twice in {}", key, what), "keep one of them");
            }
        });
    }
}

std::string Reader::text(YAML::Node const &node, std::string const &what) const
{
    if (!node.IsScalar() || node.Scalar().empty()) {
        fail(node, fmt::format("{} must be a word or text", what));
    }
    return node.Scalar();
}

bool Reader::flag(YAML::Node const &node, std::string const &what) const
{
    auto const word = text(node, what);
    if (word != "true" && word != "false") {
        fail(node, fmt::format("{} must be true or false", what));
    }
    return word == "true";
}

std::vector<std::string> Reader::texts(YAML::Node const &node, std::string const &what) const
{
    if (!node) {
        return {};
    }
    if (!node.IsSequence()) {
        fail(node, fmt::format("{} must be a list", what), fmt::format("write {}: [a, b]", what));
    }
    std::vector<std::string> result;
    for (auto const &element : node) {
        result.push_back(text(element, fmt::format("an entry of {}", what)));
    }
    return result;
}

void Reader::read_entry(YAML::Node const &node)
{
    expect_keys(node, "entry", {"host_tags", "instance_tag", "host_metadata"});
    attempt([&] {
        if (node["host_tags"]) {
            m_config.entry.host_tags = texts(node["host_tags"], "host_tags");
        }
    });
    attempt([&] {
        if (node["instance_tag"]) {
            m_config.entry.instance_tag = text(node["instance_tag"], "instance_tag");
            m_config.expectations.instance_tag = m_config.entry.instance_tag;
        }
    });
    if (node["host_metadata"]) {
        m_config.entry.host_metadata = text(node["host_metadata"], "host_metadata");
        if (std::ranges::any_of(m_config.entry.host_metadata, [](unsigned char byte) { return byte < ' '; })) {
            fail(node["host_metadata"], "host_metadata holds a line break or another control character",
                 "write the name of the field alone");
        }
    }
}

void Reader::warn_of_provider(YAML::Node const &node)
{
    if (!litellm::is_provider(node.Scalar())) {
        auto const near = nearest(node.Scalar(), litellm::known_providers());
        m_config.warnings.push_back(fmt::format("{}: LiteLLM has no provider \"{}\" that misroute knows{}",
                                                where(node).text(), node.Scalar(),
                                                near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
    }
}

std::string Reader::upstream(YAML::Node const &node) const
{
    auto upstream = litellm::upstream_of(text(node, "upstream"));
    if (upstream.empty() || upstream.find_first_of(" \t\n") != std::string::npos) {
        fail(node, fmt::format("\"{}\" names no host", node.Scalar()),
             "write a hostname, with a port where only that one is meant: api.example.com, vllm.internal:8000");
    }
    return upstream;
}

Expectation Reader::read_expectation(YAML::Node const &node)
{
    expect_keys(node, "an entry of expect", {"provider", "upstream"});
    Expectation expectation;
    if (node["provider"]) {
        expectation.provider = litellm::normal_provider(text(node["provider"], "provider"));
        warn_of_provider(node["provider"]);
    }
    if (node["upstream"]) {
        expectation.upstream = upstream(node["upstream"]);
    }
    if (expectation == Expectation{}) {
        fail(node, "an entry of expect names neither a provider nor an upstream",
             "write - provider: openai, or - upstream: api.example.com, or both");
    }
    return expectation;
}

/// A short name is that of the whole id (model_info.id may be "1"); a few digits are more likely meant as the
/// beginning.
void Reader::warn_of_short_deployments(YAML::Node const &node)
{
    for (auto const &id : node) {
        auto const &text = id.Scalar();
        if (text.size() < k_shortest_deployment && text.find_first_not_of("0123456789abcdef") == std::string::npos) {
            m_config.warnings.push_back(
                fmt::format("{}: only a deployment whose whole model_id is \"{}\" is meant; {} or "
                            "more digits mean all that begin so",
                            where(id).text(), text, k_shortest_deployment));
        }
    }
}

void Reader::read_expectations(Instance &instance, YAML::Node const &node, std::string const &what)
{
    auto const expect = node["expect"];
    if (instance.open && !expect) {
        return;
    }
    if (!expect || !expect.IsSequence() || expect.size() == 0) {
        fail(expect ? expect : node, fmt::format("{} has no list of what it is expected to serve", what),
             "add expect: [{provider: openai, upstream: api.example.com}]");
    }
    for (auto const &element : expect) {
        attempt([&] { instance.expect.push_back(read_expectation(element)); });
    }
}

Instance Reader::read_instance(std::string name, YAML::Node const &node)
{
    auto const what = fmt::format("instance \"{}\"", name);
    expect_keys(node, what, {"hosts", "keys", "teams", "expect", "open", "deployments", "workload"});
    Instance instance;
    instance.name = std::move(name);
    attempt([&] { instance.hosts = texts(node["hosts"], "hosts"); });
    attempt([&] { instance.keys = texts(node["keys"], "keys"); });
    attempt([&] { instance.teams = texts(node["teams"], "teams"); });
    attempt([&] {
        instance.deployments = texts(node["deployments"], "deployments");
        warn_of_short_deployments(node["deployments"]);
    });
    attempt([&] {
        if (node["workload"]) {
            instance.workload = text(node["workload"], "workload");
        }
    });
    attempt([&] { instance.open = node["open"] && flag(node["open"], "open"); });
    attempt([&] {
        for (auto const &key : instance.keys) {
            if (key.size() > 3 && key.starts_with("sk-")) {
                fail(node["keys"], fmt::format("{} lists a raw key", what),
                     "write the key's alias, or the first 8 or more hex digits of its SHA-256 hash");
            }
        }
    });
    attempt([&] { read_expectations(instance, node, what); });
    return instance;
}

void Reader::claim_hosts(Instance &instance, YAML::Node const &hosts)
{
    for (std::size_t index = 0; index < instance.hosts.size(); ++index) {
        auto &host = instance.hosts[index];
        host = litellm::normal_host(host);
        auto const [owner, fresh] = m_host_owner.emplace(host, instance.name);
        attempt([&, &holder = owner->second, taken = !fresh] {
            if (taken) {
                fail(hosts[index],
                     fmt::format("host \"{}\" stands under instances \"{}\" and \"{}\"", host, holder, instance.name),
                     "a hostname belongs to one instance; remove it from the other");
            }
        });
    }
}

void Reader::read_instances(YAML::Node const &node)
{
    if (!node.IsMap()) {
        fail(node, "instances must be a mapping from name to instance",
             "write instances: {claude: {hosts: [claude.example.com], expect: [{provider: anthropic}]}}");
    }
    std::set<std::string> seen;
    for (auto const &entry : node) {
        attempt([&] {
            auto const name = text(entry.first, "the name of an instance");
            if (!seen.insert(name).second) {
                fail(entry.first, fmt::format("instance \"{}\" stands twice", name), "merge the two entries");
            }
            auto instance = read_instance(name, entry.second);
            instance.location = where(entry.first);
            claim_hosts(instance, entry.second["hosts"]);
            m_config.expectations.instances.push_back(std::move(instance));
        });
    }
    std::sort(m_config.expectations.instances.begin(), m_config.expectations.instances.end(),
              [](Instance const &left, Instance const &right) { return left.name < right.name; });
}

Ignore Reader::read_ignore(YAML::Node const &node)
{
    expect_keys(node, "an entry of ignore", {"rule", "issuer", "until", "reason"});
    Ignore ignore;
    ignore.location = where(node);
    ignore.rule = node["rule"] ? text(node["rule"], "rule") : "*";
    ignore.issuer = node["issuer"] ? text(node["issuer"], "issuer") : "*";
    ignore.reason = node["reason"] ? text(node["reason"], "reason") : "";
    if (ignore.rule == "*" && ignore.issuer == "*") {
        fail(node, "an entry of ignore names neither a rule nor an issuer", "it would silence every finding");
    }
    if (ignore.rule != "*" && std::find(m_rules.begin(), m_rules.end(), ignore.rule) == m_rules.end()) {
        auto const near = nearest(ignore.rule, m_rules);
        fail(node["rule"], fmt::format("unknown rule \"{}\"", ignore.rule),
             near.empty() ? "\"misroute explain\" lists them" : fmt::format("did you mean \"{}\"?", near));
    }
    if (node["until"]) {
        ignore.until_text = text(node["until"], "until");
        auto const day = ignore.until_text.size() == 10 ? parse_instant(ignore.until_text, m_now) : std::nullopt;
        if (!day) {
            fail(node["until"], fmt::format("until is no date: \"{}\"", ignore.until_text), "write YYYY-MM-DD");
        }
        ignore.until = *day + std::chrono::days{1};
        if (*ignore.until <= m_now) {
            m_config.warnings.push_back(fmt::format("{}: this entry of ignore expired on {} and no longer holds",
                                                    ignore.location.text(), ignore.until_text));
        }
    }
    return ignore;
}

void Reader::read_ignores(YAML::Node const &node)
{
    if (!node.IsSequence()) {
        fail(node, "ignore must be a list", "write ignore: [{rule: upstream-mismatch, issuer: \"key:batch-*\"}]");
    }
    for (auto const &element : node) {
        attempt([&] { m_config.ignores.push_back(read_ignore(element)); });
    }
}

void Reader::read_root(YAML::Node const &root)
{
    expect_keys(root, "the configuration", {"database", "entry", "instances", "ignore"});
    attempt([&] {
        if (auto const database = root["database"]) {
            expect_keys(database, "database", {"url"});
            if (database["url"]) {
                m_config.database_url = text(database["url"], "database.url");
            }
        }
    });
    attempt([&] {
        if (auto const entry = root["entry"]) {
            read_entry(entry);
        }
    });
    attempt([&] {
        if (auto const instances = root["instances"]) {
            read_instances(instances);
        }
    });
    attempt([&] {
        if (auto const ignores = root["ignore"]) {
            read_ignores(ignores);
        }
    });
}

ExaminedConfig Reader::read(std::string const &source)
{
    expect_progress(source);
    auto const documents = YAML::LoadAll(source);
    auto const after_first = documents.begin() + (documents.empty() ? 0 : 1);
    auto const second =
        std::find_if(after_first, documents.end(), [](YAML::Node const &document) { return !document.IsNull(); });
    if (second != documents.end()) {
        fail(*second, "the configuration holds more than one YAML document", "keep one; remove the lines \"---\"");
    }
    if (documents.empty() || documents.front().IsNull()) {
        throw Error{"the configuration is empty", m_name, std::string{k_how_to_write}};
    }
    m_config.file = m_name;
    attempt([&] { read_root(documents.front()); });
    return {m_config, m_complaints};
}

} // namespace

ExaminedConfig examine_config(std::string const &text, std::string const &name, std::vector<std::string> const &rules,
                              Instant now)
{
    try {
        return Reader{name, rules, now}.read(text);
    } catch (Error const &error) {
        return {{}, {error}};
    } catch (YAML::Exception const &error) {
        return {{},
                {Error{fmt::format("the configuration is no valid YAML: {}", error.msg),
                       Location{name, error.mark.line + 1}.text(),
                       "\"misroute explain configuration\" shows a complete one"}}};
    }
}

Config parse_config(std::string const &text, std::string const &name, std::vector<std::string> const &rules,
                    Instant now)
{
    auto examined = examine_config(text, name, rules, now);
    if (!examined.complaints.empty()) {
        throw Error{examined.complaints.front()};
    }
    return std::move(examined.config);
}

} // namespace misroute
