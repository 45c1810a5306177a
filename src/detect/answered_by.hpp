// SPDX-License-Identifier: Apache-2.0
//
// Who answered a request, as a name and as a letter. Whatever shows an order of answers takes both from here, so that a
// letter means the same instance in a scan and in a trace.
#pragma once

#include "misroute/detect.hpp"

#include <map>
#include <set>
#include <string>

namespace misroute {

/// "claude", or "openai at kellycloudai.com" when nobody owns the backend; empty when nothing is known of it.
std::string answerer_of(CellKey const &key, Judged const &judged);

/// The same of a row that tells about routing; empty for one that is excluded or of unknown class.
std::string answered_by(CellKey const &key, Judged const &judged);

/// A capital for each of `names`: its first free letter, else the first free one of the alphabet, else '?'. Configured
/// instances choose first, seen or not, in the order of their names; so their letters do not depend on the rows. Where
/// more are configured than there are letters, only those in `names` choose.
std::map<std::string, char> letters_of(std::set<std::string> const &names, Expectations const &expected);

/// The same where only the names of configured instances are known, as in a saved report.
std::map<std::string, char> choose_letters(std::set<std::string> const &names, std::set<std::string> configured);

} // namespace misroute
