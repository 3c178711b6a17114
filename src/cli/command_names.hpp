// The words that people type for commands: what Berth calls them, and which one was meant by a slip. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

/// What Berth calls the command that others know by this word ("ps" is ls); the word itself where it is no alias.
std::string_view canonical_command(std::string_view word);

/// The one of `known` that is a slip of the finger away from `word`; empty: none is near.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// Arguments as they are understood: aliases by their own names, `help X` as `X --help`, `version` as --version. `at`
/// is where the command stands among them, npos: nowhere; global flags may stand before it.
struct understood {
    std::vector<std::string> words;
    std::size_t at = std::string::npos;
};
understood understand(std::vector<std::string> words);

} // namespace berth::cli
