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

std::size_t unfinished_character(std::string_view text) noexcept {
    for (std::size_t back = 1; back <= 3 && back <= text.size(); ++back) {
        auto byte = static_cast<unsigned char>(text[text.size() - back]);
        if ((byte & 0xc0) == 0x80)
            continue;
        std::size_t length = byte >= 0xf0 && byte <= 0xf4 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc2 ? 2 : 1;
        return byte <= 0xf4 && length > back ? back : 0;
    }
    return 0;
}

} // namespace berth
