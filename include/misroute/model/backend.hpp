// SPDX-License-Identifier: Apache-2.0
//
// Who asked and who answered: the two ends of a request, in the words of the reports.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace misroute {

/// The kinds of issuer, which are also what `--by` accepts.
enum class IssuerKind
{
    host, ///< the hostname the request entered by
    key,  ///< the virtual key: its alias, else the first 12 hex digits of its hash
    team,
    user,
    end_user,
    ip,
    tag, ///< the value of the request tag that `--by tag:NAME` names
};

/// "host", "key", "team", "user", "end-user", "ip", "tag".
std::string_view to_string(IssuerKind kind);
std::optional<IssuerKind> parse_issuer_kind(std::string_view word);

/// Who sent a request. Names come from rows: hostile, to be cleaned before they meet a terminal.
struct Issuer
{
    IssuerKind kind = IssuerKind::host;
    std::string name;

    /// "host:claude.goodvision.tech".
    std::string text() const;
    auto operator<=>(Issuer const &) const = default;
};

/// Who answered a request. An empty part is unknown.
struct Backend
{
    std::string provider; ///< LiteLLM's provider name, variants of one vendor made one ("openai")
    std::string upstream; ///< host of api_base, lower case, a port only when it is not the scheme's own
    std::string stamp;    ///< the instance named by the deployment's tag ("instance:claude"): exact proof
    bool guessed = false; ///< only the first segment of model, the client's words, tells the provider

    /// Nothing at all is known of who answered.
    bool blank() const { return provider.empty() && upstream.empty() && stamp.empty(); }

    /// "openai at kellycloudai.com", "openai", "an unknown backend".
    std::string text() const;
    // NOLINTNEXTLINE(readability-implicit-bool-conversion): how a bool among the members is compared
    auto operator<=>(Backend const &) const = default;
};

/// Two backends that differ in something both of them know. At one upstream the names of one vendor are one (LiteLLM
/// books an Azure resource as azure or azure_ai, by version and call), and a guessed provider tells nothing apart.
bool differ(Backend const &left, Backend const &right);

/// What became of a row: every scanned row has exactly one class.
enum class RowClass
{
    home,       ///< answered by its instance's own backend
    foreign,    ///< answered by a known backend that is not
    unknown,    ///< the backend is blank
    excluded,   ///< tells nothing about routing; see ExclusionReason
    unassigned, ///< the issuer belongs to no configured instance
};
std::string_view to_string(RowClass row_class);

/// Why a row is left out of every verdict, in the order of decision; docs/litellm-rows.md shows such rows.
enum class ExclusionReason
{
    none,
    cache_hit,
    failure,
    health_check,
    fallback,
    internal_call,
    auto_router,
    pass_through,
    mcp,
    a2a,
    batch,      ///< batches, files, vector stores
    other_call, ///< of a type that no model list serves: searches, assistants, fine-tuning, containers
};
inline constexpr std::size_t k_exclusion_reasons = 12;

/// "cache-hit", "failure", …; empty for none.
std::string_view to_string(ExclusionReason reason);
std::optional<ExclusionReason> parse_exclusion_reason(std::string_view word);

} // namespace misroute
