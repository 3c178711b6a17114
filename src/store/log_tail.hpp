// Where the end of a log that is shown begins and ends: pure rules.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth {

/// Where the last `lines` lines of the text begin. A newline at its very end ends the last line and begins none.
std::size_t last_lines(std::string_view text, std::size_t lines) noexcept;

/// For a text that was cut at its front: lets it begin with a whole line, or, where it holds no end of one, at a whole
/// character.
void mend_front(std::string& text);

/// How many bytes at the end of the text begin a character of UTF-8 whose rest has not come: 0 to 3.
std::size_t unfinished_character(std::string_view text) noexcept;

} // namespace berth
