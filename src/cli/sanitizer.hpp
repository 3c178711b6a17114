// Makes the output of apps fit to be shown on a terminal: what an app prints is data, never an instruction to the
// user's terminal (titles, clipboard, answers typed back, text overwritten to look like something else). Pure; fed
// piece by piece.
//
// Kept: text, tabs, line ends (CR LF and a lone CR, which spinners use, become LF), and, if wanted, colours (SGR, CSI
// ... m). Everything else is dropped: other CSI sequences, OSC, DCS, APC, PM and SOS strings, C0 and C1 controls, marks
// that turn the direction of text. A colour ends with its line and is taken up again on the next one, so that whatever
// is written in between stands in the terminal's own.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace berth::cli {

class sanitizer {
public:
    explicit sanitizer(bool colours) : colours_(colours) {}

    /// The pieces of one stream, in order. A piece is valid UTF-8 and splits no character; it may split a sequence.
    std::string feed(std::string_view piece);

    /// What ends an open colour. An unfinished sequence is dropped.
    std::string finish();

private:
    enum class state { text, escape, escape_intermediate, csi, string, string_escape };

    void on(char32_t, std::string_view bytes, std::string& out);
    void on_text(char32_t, std::string_view bytes, std::string& out);
    void on_escape(char32_t, std::string_view bytes, std::string& out);
    void on_csi(char32_t, std::string_view bytes, std::string& out);
    void on_string(char32_t, std::string_view bytes, std::string& out);
    void colour(std::string& out);
    void line_end(std::string& out);

    bool colours_;
    state state_ = state::text;
    std::string sequence_;         // the parameters of the CSI under way, at most 64 bytes
    std::size_t swallowed_ = 0;    // characters of the string under way, at most 4,096
    std::string active_;           // the colours since the last reset, at most 256 bytes
    bool restore_ = false;         // active_ was ended with the last line
    bool carriage_return_ = false; // seen, and not yet known whether LF follows
    bool line_empty_ = true;
};

/// The whole of a text, without colours, as one line: for an app's output inside a sentence.
std::string plain_line(std::string_view);

} // namespace berth::cli
