// What is wrong with an app, in words, and what to do: spec section 14. Pure.
#pragma once

#include "core/app.hpp"

#include <nlohmann/json_fwd.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace berth {

struct why_report {
    berth::status status = berth::status::stopped;
    std::string sentence; // for people; of a healthy app, that it is
    std::optional<int> exit_code;
    std::optional<std::string> exit_signal;
    std::optional<berth::page> page;
    std::vector<std::string> last_words; // of its run, at most 20 lines of plain text; empty where nothing is wrong
    std::vector<std::string> hints;      // what to do next, one sentence each
};

/// Whether its last words are worth reading: it is neither well nor stopped on purpose.
bool is_in_trouble(const app&);

/// The last lines that say something, at most 20, without escape codes, none longer than 400 bytes. `output` is the
/// end of a log and may begin anywhere.
std::vector<std::string> last_lines_of(std::string_view output);

/// `output`: the end of what its run printed.
why_report explain(const app&, std::string_view output);

nlohmann::ordered_json to_json(const why_report&);

} // namespace berth
