// SPDX-License-Identifier: Apache-2.0
//
// misroute.yaml: where the database is, how a row names its host, which instances there are and what each of them
// serves, and which findings are accepted. docs/configuration.md describes every key.
#pragma once

#include "misroute/model/error.hpp"
#include "misroute/model/expectations.hpp"
#include "misroute/model/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace misroute {

/// How a row tells the hostname it entered by and the instance that answered.
struct Entry
{
    std::vector<std::string> host_tags{"host", "x-forwarded-host"}; ///< names of request tags; the first present wins
    std::string instance_tag = "instance";                          ///< name of the tag deployments are stamped with
    std::string host_metadata; ///< field of metadata.spend_logs_metadata, a slow path; empty: not read
};

/// A finding that is known and accepted.
struct Ignore
{
    std::string rule;             ///< a rule name, or `*`
    std::string issuer;           ///< "key:batch-*", or `*`
    std::optional<Instant> until; ///< the first moment it no longer holds: the day after the one given
    std::string until_text;       ///< as written
    std::string reason;
    Location location;
};

struct Config
{
    std::string file; ///< empty when there is none
    std::string database_url;
    Entry entry;
    Expectations expectations;
    std::vector<Ignore> ignores;
    std::vector<std::string> warnings; ///< "misroute.yaml:17: …", what is odd but no reason to stop
};

/// A configuration with everything that is wrong with it.
struct ExaminedConfig
{
    Config config;                 ///< what could be read
    std::vector<Error> complaints; ///< in the order of reading; empty: it is sound
};

/// Reads one configuration from text to its end, whatever is wrong on the way. `name` and `rules` as below.
ExaminedConfig examine_config(std::string const &text, std::string const &name, std::vector<std::string> const &rules,
                              Instant now);

/// Reads one configuration from text. `name` stands in messages; `rules` are the rule names that `ignore` may use.
/// Throws Error with name:line for whatever is wrong, with the nearest known word where a word is unknown.
Config parse_config(std::string const &text, std::string const &name, std::vector<std::string> const &rules,
                    Instant now);

/// The text of a configuration file. Throws Error for a folder, what cannot be read, and more than 16 MB.
std::string read_config(std::string const &file);

/// Reads the file; throws Error when it cannot be read.
Config load_config(std::string const &file, std::vector<std::string> const &rules, Instant now);

/// Marks findings that an entry of `ignore` accepts.
void suppress(std::vector<Finding> &findings, std::vector<Ignore> const &ignores, Instant now);

} // namespace misroute
