#include "cli/text.hpp"

#include "core/names.hpp"

#include <fmt/format.h>

#include <clocale>
#include <cwchar>

namespace berth::cli {
namespace {

/// wcwidth depends on the thread's locale; the user's own may not be UTF-8.
class utf8_locale {
public:
    utf8_locale() : before_(uselocale(ours())) {}
    ~utf8_locale() { uselocale(before_); }
    utf8_locale(const utf8_locale&) = delete;
    utf8_locale& operator=(const utf8_locale&) = delete;

private:
    static locale_t ours() {
        static const locale_t made = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr); // none: keeps the user's
        return made;
    }
    locale_t before_;
};

std::size_t columns_of(char32_t c) noexcept {
    auto columns = wcwidth(static_cast<wchar_t>(c));
    return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

} // namespace

code_point code_point_at(std::string_view text, std::size_t at) noexcept {
    auto lead = static_cast<unsigned char>(text[at]);
    std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    length = std::min(length, text.size() - at);
    char32_t value = length == 1 ? lead : lead & (0x7F >> length);
    for (std::size_t i = 1; i < length; ++i)
        value = value << 6 | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    return {value, text.substr(at, length)};
}

bool is_unsafe(char32_t c) noexcept {
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x061C || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string visible(std::string_view given) {
    auto text = to_utf8(given);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto point = code_point_at(text, at);
        at += point.bytes.size();
        if (point.value == '\t')
            out += ' ';
        else
            out += is_unsafe(point.value) ? replacement : point.bytes;
    }
    return out;
}

std::size_t width_of(std::string_view text) noexcept {
    utf8_locale locale;
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        auto point = code_point_at(text, at);
        at += point.bytes.size();
        columns += columns_of(point.value);
    }
    return columns;
}

std::string clipped(std::string_view text, std::size_t columns) {
    if (width_of(text) <= columns)
        return std::string(text);
    if (columns == 0)
        return {};
    utf8_locale locale;
    std::size_t used = 0, at = 0;
    while (at < text.size()) {
        auto point = code_point_at(text, at);
        used += columns_of(point.value);
        if (used > columns - 1)
            break;
        at += point.bytes.size();
    }
    return std::string(text.substr(0, at)).append(ellipsis);
}

std::string padded(std::string_view text, std::size_t columns, side text_at) {
    auto used = width_of(text);
    std::string space(columns > used ? columns - used : 0, ' ');
    return text_at == side::left ? std::string(text) + space : space + std::string(text);
}

std::string word(const nlohmann::ordered_json& object, const char* field) {
    auto found = object.find(field);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::string escaped_json(std::string_view json) {
    auto text = to_utf8(json);
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        auto point = code_point_at(text, at);
        at += point.bytes.size();
        // Below 0x20 only white space between values can occur: JSON escapes them in strings.
        if (is_unsafe(point.value) && point.value >= 0x20)
            out += fmt::format("\\u{:04x}", static_cast<unsigned>(point.value));
        else
            out += point.bytes;
    }
    return out;
}

} // namespace berth::cli
