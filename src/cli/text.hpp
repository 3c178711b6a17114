// Text in the cells of a terminal: how wide it is, how it is cut and padded, and how text of others becomes harmless in
// one line. Pure. Widths are columns; the C library's wcwidth knows them (East Asian wide characters and emoji take
// two, combining marks none).
#pragma once

#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::cli {

/// One code point of a text. The text must be valid UTF-8 (core's to_utf8 makes it so).
struct code_point {
    char32_t value = 0;
    std::string_view bytes;
};

/// The code point at `at`, which must be less than text.size().
code_point code_point_at(std::string_view text, std::size_t at) noexcept;

/// Controls (C0, DEL, C1), line separators, and the marks that turn the direction of text: never sent to a terminal.
bool is_unsafe(char32_t) noexcept;

/// As one harmless line of valid UTF-8: each unsafe or invalid character becomes U+FFFD, a tab a space.
std::string visible(std::string_view);

/// Columns of a text without unsafe characters.
std::size_t width_of(std::string_view) noexcept;

/// Cut to at most `columns`, the last of which is then an ellipsis.
std::string clipped(std::string_view, std::size_t columns);

enum class side { left, right };

/// Filled with spaces up to `columns`; `text_at` is where the text stands.
std::string padded(std::string_view, std::size_t columns, side text_at);

/// A field of a JSON object that is text; empty where it is missing or something else.
std::string word(const nlohmann::ordered_json& object, const char* field);

/// JSON whose unsafe characters are written as \u escapes: the same document, harmless on a terminal.
std::string escaped_json(std::string_view json);

} // namespace berth::cli
