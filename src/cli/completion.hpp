// Completion for bash, zsh and fish. The scripts are thin: they ask `berth __complete` what could be typed, so that all
// three know the same, and know it in one place. Pure.
#pragma once

#include "cli/listed_app.hpp"
#include "cli/shell_line.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

struct candidate {
    std::string value;
    std::string help; // one line, may be empty
};

/// What could stand in place of the last of `words` (which follow "berth"; it may be empty), among what begins with it.
/// For a value that is glued to its flag ("--category=te") the flag is part of each value.
/// Names are compared without regard to case. Names that would not be safe on a terminal are left out.
/// `templates`: their names, of templates that are there.
std::vector<candidate> complete(const std::vector<std::string>& words, const std::vector<listed_app>& apps,
                                const std::vector<std::string>& templates = {});

/// What complete() would look at: only for that the server has to be asked.
struct needed_lists {
    bool apps = false, templates = false;
};
needed_lists needed(const std::vector<std::string>& words);

/// A candidate with this value alone: the shell shall complete folders.
inline constexpr std::string_view directories = "@directories";

/// One a line: value, tab, help.
std::string to_lines(const std::vector<candidate>&);
/// One a line, as bash shall put them in.
std::string bash_lines(const std::vector<candidate>&, const bash_typing&);

/// For bash, zsh or fish; empty for another.
std::string_view completion_script(std::string_view shell);

} // namespace berth::cli
