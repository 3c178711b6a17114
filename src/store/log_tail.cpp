#include "store/log_tail.hpp"

namespace berth {

std::size_t last_lines(std::string_view text, std::size_t lines) noexcept {
    if (lines == 0)
        return text.size();
    auto end = text.ends_with('\n') ? text.size() - 1 : text.size();
    for (;;) {
        auto newline = end == 0 ? std::string_view::npos : text.rfind('\n', end - 1);
        if (newline == std::string_view::npos)
            return 0;
        if (--lines == 0)
            return newline + 1;
        end = newline;
    }
}

void mend_front(std::string& text) {
    auto newline = text.find('\n');
    if (newline != std::string::npos && newline + 1 < text.size()) {
        text.erase(0, newline + 1);
        return;
    }
    std::size_t rest_of_character = 0;
    while (rest_of_character < 3 && rest_of_character < text.size() && (text[rest_of_character] & 0xc0) == 0x80)
        ++rest_of_character;
    text.erase(0, rest_of_character);
}

} // namespace berth
