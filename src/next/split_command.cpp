#include "next/split_command.hpp"

namespace berth {
namespace {

error refuse(std::string why) {
    return {errc::invalid_request, "The scaffold command cannot be read: " + std::move(why) +
                                       " It is run without a shell; put what needs one into a script of its own."};
}

} // namespace

result<std::vector<std::string>> split_command(std::string_view text) {
    constexpr std::string_view blanks = " \t\n", special = "|&;<>()$`*?[]#~!{}", escapable_in_quotes = "$`\"\\";
    std::vector<std::string> words;
    std::string word;
    bool in_word = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '\0')
            return refuse("it holds a NUL character.");
        if (blanks.find(c) != std::string_view::npos) {
            if (in_word)
                words.push_back(std::move(word));
            word.clear();
            in_word = false;
            continue;
        }
        // A comment or a home directory begins a word; within one, # and ~ are ordinary, as for the shell.
        bool ordinary_here = in_word && (c == '#' || c == '~' || c == '!');
        if (special.find(c) != std::string_view::npos && !ordinary_here)
            return refuse(std::string("the character ") + c +
                          " would need a shell; quote it if it is meant as itself.");
        in_word = true;
        if (c == '\\') {
            if (++i == text.size())
                return refuse("it ends in a backslash.");
            if (text[i] != '\n')
                word += text[i];
        } else if (c == '\'') {
            auto end = text.find('\'', i + 1);
            if (end == std::string_view::npos)
                return refuse("a single quote is not closed.");
            word += text.substr(i + 1, end - i - 1);
            i = end;
        } else if (c == '"') {
            for (++i; i < text.size() && text[i] != '"'; ++i) {
                if (text[i] == '$' || text[i] == '`')
                    return refuse(std::string("the character ") + text[i] + " would need a shell; use single quotes.");
                bool escape = text[i] == '\\' && i + 1 < text.size();
                if (escape && text[i + 1] == '\n') {
                    ++i;
                    continue;
                }
                if (escape && escapable_in_quotes.find(text[i + 1]) != std::string_view::npos)
                    ++i;
                word += text[i];
            }
            if (i == text.size())
                return refuse("a double quote is not closed.");
        } else {
            word += c;
        }
    }
    if (in_word)
        words.push_back(std::move(word));
    if (words.empty() || words.front().empty())
        return refuse("it names no program.");
    return words;
}

} // namespace berth
