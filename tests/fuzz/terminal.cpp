// What apps print, on its way to a terminal: nothing but text, tabs, line ends and colours comes through, in however
// many pieces it came.
#include "fuzz.hpp"

#include "cli/sanitizer.hpp"
#include "cli/text.hpp"

using namespace berth;
using namespace berth::cli;
using namespace berth::fuzz;

namespace {

std::string sanitized(std::string_view text, bool colours) {
    sanitizer s(colours);
    auto out = s.feed(text);
    return out + s.finish();
}

/// The text in pieces that split no character.
std::string sanitized_in_pieces(std::string_view text, bool colours, FuzzedDataProvider& cuts) {
    sanitizer s(colours);
    std::string out, piece;
    for (std::size_t at = 0; at < text.size();) {
        auto point = code_point_at(text, at);
        require(!point.bytes.empty(), "a character has bytes");
        at += point.bytes.size();
        piece += point.bytes;
        if (cuts.ConsumeBool()) {
            out += s.feed(piece);
            piece.clear();
        }
    }
    out += s.feed(piece);
    return out + s.finish();
}

/// Text, tabs, line ends, and colours where they are wanted; a line ends in the terminal's own colour.
void check_harmless(std::string_view out, bool colours) {
    require(is_utf8(out), "what is shown is UTF-8", out);
    bool coloured = false;
    for (std::size_t at = 0; at < out.size();) {
        if (colours && out.substr(at).starts_with("\x1b[")) {
            auto end = out.find_first_not_of("0123456789;:", at + 2);
            require(end != out.npos && out[end] == 'm', "a sequence is a colour", out);
            coloured = out.substr(at + 2, end - at - 2).find_first_not_of("0;") != out.npos;
            at = end + 1;
            continue;
        }
        auto point = code_point_at(out, at);
        at += point.bytes.size();
        require(point.value == '\n' || point.value == '\t' || !is_unsafe(point.value), "nothing unsafe is shown", out);
        require(point.value != '\n' || !coloured, "a colour ends with its line", out);
    }
    require(!coloured, "a colour ends with the text", out);
}

void check_cells(const std::string& text) {
    auto line = visible(text);
    require(visible(line) == line, "what is visible stays so", line);
    for (std::size_t columns : {1, 8}) {
        auto cut = clipped(line, columns);
        require(width_of(cut) <= columns, "a cell keeps its width", cut);
        require(width_of(padded(cut, columns, side::left)) == columns, "a cell is filled", cut);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider in(data, size);
    auto text = to_utf8(in.ConsumeRandomLengthString());
    for (bool colours : {false, true}) {
        auto out = sanitized(text, colours);
        check_harmless(out, colours);
        require(sanitized_in_pieces(text, colours, in) == out, "pieces change nothing", out);
        require(sanitized(out, colours) == out, "what is harmless stays as it is", out);
    }
    check_cells(text);
    require(is_utf8(cli::plain_line(text)), "a line is UTF-8");
    return 0;
}
