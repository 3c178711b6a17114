// How stop, restart, start, sleep, wake and rm are told, and which apps they concern. Pure.
#pragma once

#include "cli/arguments.hpp"
#include "cli/listed_app.hpp"

#include <string>
#include <vector>

namespace berth::cli {

struct action_words {
    const char* api; // the API's action
    const char* to_do;
    const char* doing;
    const char* done;
};
action_words words_of(bulk_action);

/// Whether it makes apps run, so that their addresses are worth telling.
bool starts(bulk_action);

/// Whether there is nothing left to do: "runs already", "sleeps already".
bool is_so_already(bulk_action, const listed_app&);

/// Whether one of a category, or of all, is meant: sleep means those that run and are not kept awake, wake those that
/// sleep, the rest all.
bool concerns(bulk_action, const listed_app&);

/// "a", "b" and 3 more.
std::string list_of(const std::vector<listed_app>&);

} // namespace berth::cli
