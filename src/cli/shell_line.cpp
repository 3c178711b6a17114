#include "cli/shell_line.hpp"

#include <algorithm>

namespace berth::cli {
namespace {

constexpr std::string_view space = " \t\n";

bool is_assignment(std::string_view word) {
    auto equals = word.find('=');
    auto name = word.substr(0, equals);
    return equals != word.npos && !name.empty() &&
           name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == name.npos;
}

bool is_plain(char c) {
    return static_cast<unsigned char>(c) >= 0x80 || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
           (c >= 'A' && c <= 'Z') || std::string_view("_-./,+@%:=").find(c) != std::string_view::npos;
}

} // namespace

shell_line read_shell_line(std::string_view line, std::string_view breaks) {
    shell_line read;
    std::string word;
    char quote = 0;
    bool open = false; // a word has begun, if only with a quote
    std::size_t settled = 0;
    auto end_word = [&] {
        if (open)
            read.words.push_back(word);
        word.clear();
        open = false;
        settled = 0;
    };
    for (std::size_t i = 0; i < line.size(); ++i) {
        char c = line[i];
        bool escapes = c == '\\' && quote != '\'' && i + 1 < line.size();
        if (escapes && (quote == 0 || std::string_view("\"\\$`").find(line[i + 1]) != std::string_view::npos)) {
            word += line[++i];
            open = true;
        } else if (quote != 0 && c == quote) {
            quote = 0;
        } else if (quote != 0) {
            word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            open = true;
            settled = word.size();
        } else if (space.find(c) != space.npos) {
            end_word();
        } else {
            word += c;
            open = true;
            if (breaks.find(c) != breaks.npos)
                settled = word.size();
        }
    }
    read.words.push_back(word);
    read.typing = {quote, settled};
    while (read.words.size() > 1 && is_assignment(read.words.front()))
        read.words.erase(read.words.begin());
    return read;
}

std::string bash_reply(std::string_view value, const bash_typing& typing) {
    value.remove_prefix(std::min(typing.settled, value.size()));
    std::string reply;
    for (char c : value) {
        if (typing.quote == '\'' && c == '\'')
            reply += "'\\''";
        else if (typing.quote == '"' && std::string_view("\"\\$`").find(c) != std::string_view::npos)
            reply.append("\\").append(1, c);
        else if (typing.quote == 0 && !is_plain(c))
            reply.append("\\").append(1, c);
        else
            reply += c;
    }
    return reply;
}

} // namespace berth::cli
