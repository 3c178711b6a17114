// The fields of an app for programs that are no JSON readers: `ls --format` and `ls --sort`. Pure.
#pragma once

#include "cli/listed_app.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

/// id, name, status, port, ... as --format and --sort take them.
const std::vector<std::string>& field_names();

/// Words separated by commas, each a field. Fails with exit_code::usage.
outcome<std::vector<std::string>> parse_fields(std::string_view);

/// A line an app: the fields' values with tabs between them. Harmless; a value holds neither tab nor line end. Memory
/// is in MB, the CPU in percent of a core; what an app does not have is empty.
std::string field_lines(const std::vector<listed_app>&, const std::vector<std::string>& fields);

/// By a field, upwards; downwards where a '-' stands before it. Apps that are alike keep their order. Text without
/// regard to case, figures as figures. Fails with exit_code::usage.
outcome<> sort_by(std::vector<listed_app>&, std::string_view field);

} // namespace berth::cli
