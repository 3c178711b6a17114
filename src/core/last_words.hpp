// The one line of a program's last output that says why it ended: a pure rule, for people.
#pragma once

#include <string>
#include <string_view>

namespace berth {

/// Of the end of a log (ANSI codes and invalid bytes may be in it): the last line that names an error, else the last
/// one that says anything at all; without what npm and Node say around it, and at most 200 bytes. Empty when there is
/// none.
std::string last_words(std::string_view output);

} // namespace berth
