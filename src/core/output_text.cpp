#include "core/output_text.hpp"

#include "core/names.hpp"

namespace berth {
namespace {

/// How many bytes the escape sequence at the front of the text has; the text begins with ESC.
std::size_t escape_length(std::string_view text) {
    if (text.size() < 2)
        return text.size();
    std::size_t i = 2;
    if (text[1] == '[') { // CSI: parameters, then one final byte from @ to ~
        while (i < text.size() && (text[i] < '@' || text[i] > '~'))
            ++i;
        return std::min(i + 1, text.size());
    }
    if (text[1] == ']') { // OSC: up to BEL or ESC backslash
        while (i < text.size() && text[i] != '\a' && text[i] != '\x1b')
            ++i;
        bool ended_by_escape = i < text.size() && text[i] == '\x1b';
        return std::min(i + (ended_by_escape ? 2 : 1), text.size());
    }
    i = 1; // any other: intermediate bytes, then a final one
    while (i < text.size() && text[i] >= ' ' && text[i] <= '/')
        ++i;
    return std::min(i + 1, text.size());
}

} // namespace

std::string plain_line(std::string_view raw, std::size_t limit) {
    while (raw.ends_with('\r'))
        raw.remove_suffix(1);
    if (auto drawn_over = raw.rfind('\r'); drawn_over != std::string_view::npos)
        raw.remove_prefix(drawn_over + 1);
    std::string text;
    for (std::size_t i = 0; i < raw.size();) {
        auto byte = static_cast<unsigned char>(raw[i]);
        if (byte == 0x1b) {
            i += escape_length(raw.substr(i));
            continue;
        }
        text += byte == '\t' ? ' ' : raw[i];
        ++i;
    }
    text = printable_text(text);
    if (text.size() > limit) {
        auto cut = limit;
        while (cut > 0 && (static_cast<unsigned char>(text[cut]) & 0xc0) == 0x80)
            --cut;
        text.resize(cut);
    }
    return text;
}

void last_lines::add(std::string line) {
    lines_.push_back(std::move(line));
    if (lines_.size() > count_)
        lines_.pop_front();
}

std::string last_lines::text() const {
    std::string all;
    for (auto& line : lines_)
        all += (all.empty() ? "" : "\n") + line;
    return all;
}

} // namespace berth
