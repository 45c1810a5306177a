// SPDX-License-Identifier: Apache-2.0
//
// libFuzzer target: any bytes as a saved report or trace. What is read is rendered in every format, and what JSON makes
// of it is read again. Seeds: the JSON reports of the golden cases.
#include "misroute/model/error.hpp"
#include "misroute/report.hpp"
#include "report/saved.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const *data, std::size_t size)
{
    using namespace misroute;
    Saved saved;
    try {
        saved = read_saved({reinterpret_cast<char const *>(data), size}, "report.json"); // NOLINT: bytes are letters
    } catch (Error const &) {
        return 0;
    }
    if (auto const *report = std::get_if<Report>(&saved.document)) {
        for (auto const &format : formats()) {
            auto const text = format.render(*report, {});
            if (format.name == "json") {
                read_saved(text, "again.json");
            }
        }
    } else if (auto const *trace = std::get_if<SavedTrace>(&saved.document)) {
        for (auto const &format : trace_formats()) {
            auto const text = render(*trace, format, {});
            if (format.name == "json") {
                read_saved(text, "again.json");
            }
        }
    }
    return 0;
}
