// A half typed line of shell, as bash sees it, and what to put in place of its end. Pure.
//
// bash splits a line at quotes, ':' and '=' before it asks for completions, and glues what comes back to the last
// piece. So the line is read here from its beginning, and each answer is cut to the piece that readline replaces.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace berth::cli {

struct bash_typing {
    char quote = 0;          // open at the end of the line: \' or ", else none
    std::size_t settled = 0; // bytes of the last word, without quotes, that stand before what readline replaces
};

struct shell_line {
    std::vector<std::string> words; // without quotes and backslashes; the last one is being typed, and may be empty
    bash_typing typing;
};

/// `line` ends at the cursor and begins with the command, or with variables set for it, which are left out. `breaks`:
/// $COMP_WORDBREAKS.
shell_line read_shell_line(std::string_view line, std::string_view breaks);

/// What bash shall put in for `value`, which stands for the whole last word: without what is settled, quoted.
std::string bash_reply(std::string_view value, const bash_typing&);

} // namespace berth::cli
