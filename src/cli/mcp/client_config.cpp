#include "cli/mcp/client_config.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace berth::cli::mcp {
namespace {

using object = nlohmann::ordered_json;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    auto begin = text.find_first_not_of(blank);
    return begin == text.npos ? std::string_view() : text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

struct indentation {
    int width = 2;
    char with = ' ';
};

/// Of the first line that has one.
indentation indentation_of(std::string_view text) {
    for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
        auto begin = at + 1;
        auto end = text.find_first_not_of(text.substr(begin, 1) == "\t" ? "\t" : " ", begin);
        if (end != text.npos && end > begin)
            return {static_cast<int>(end - begin), text[begin]};
    }
    return {};
}

outcome<std::string> in_json(std::string_view key, std::string_view before, const start_command& start) {
    auto document = trimmed(before).empty() ? object::object() : object::parse(before, nullptr, false);
    if (!document.is_object())
        return failed("it is not plain JSON (comments are not), and is left as it is");
    auto& servers = document[std::string(key)];
    if (servers.is_null())
        servers = object::object();
    auto& berth = servers.is_object() ? servers["berth"] : servers;
    if (berth.is_null())
        berth = object::object();
    if (!servers.is_object() || !berth.is_object())
        return failed(fmt::format("what stands in it under {} is something else, and is left as it is", key));
    auto was = berth;
    berth.update({{"type", "stdio"}, {"command", start.program}, {"args", start.arguments}});
    if (berth == was)
        return std::string(before);
    auto indent = indentation_of(before);
    return document.dump(indent.width, indent.with, false, object::error_handler_t::replace) + "\n";
}

/// TOML's basic strings are written as JSON's are.
std::string quoted(const std::string& text) {
    return object(text).dump(-1, ' ', false, object::error_handler_t::replace);
}

std::string toml_table(const start_command& start) {
    std::vector<std::string> arguments;
    std::transform(start.arguments.begin(), start.arguments.end(), std::back_inserter(arguments), quoted);
    return fmt::format("[mcp_servers.berth]\ncommand = {}\nargs = [{}]\n", quoted(start.program),
                       fmt::join(arguments, ", "));
}

/// A table may stand behind all others, unless the same is said elsewhere in one of TOML's other ways. A line that only
/// looks like one of them is taken for one.
outcome<std::string> in_toml(std::string_view before, const start_command& start) {
    auto table = toml_table(start);
    if (before.find(table) != before.npos)
        return std::string(before);
    for (auto rest = before; !rest.empty();) {
        auto line = trimmed(rest.substr(0, rest.find('\n')));
        rest.remove_prefix(std::min(rest.size(), rest.find('\n') + (rest.find('\n') == rest.npos ? 0 : 1)));
        auto is_header = line.starts_with('[') && line.find("mcp_servers") != line.npos;
        auto speaks_of_it = line.starts_with("mcp_servers") || line.starts_with("berth") || line.starts_with("\"berth");
        if (speaks_of_it || (is_header && line.find("berth") != line.npos))
            return failed("it has a server of this name already, or another form than [mcp_servers.NAME], and is left "
                          "as it is");
    }
    std::string text(before);
    if (!text.empty())
        text += text.ends_with('\n') ? "\n" : "\n\n";
    return text + table;
}

/// As a person would type it into a shell.
std::string shell_words(const start_command& start) {
    std::string line;
    auto add = [&line](const std::string& word) {
        constexpr std::string_view plain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._/:=@%+,";
        auto quote = word.find_first_not_of(plain) != word.npos;
        line += quote ? " '" : " ";
        for (char c : word)
            line += c == '\'' ? std::string("'\\''") : std::string(1, c);
        line += quote ? "'" : "";
    };
    add(start.program);
    std::for_each(start.arguments.begin(), start.arguments.end(), add);
    return line.substr(1);
}

} // namespace

std::vector<client> known_clients(const folders& where, const start_command& start) {
    auto codex = where.codex.empty() ? where.home / ".codex" : where.codex;
    return {
        {"claude", "Claude Code", where.here / ".mcp.json", "mcpServers",
         "For all folders instead: claude mcp add --scope user berth -- " + shell_words(start)},
        {"cursor", "Cursor", where.home / ".cursor/mcp.json", "mcpServers", "For this folder alone: .cursor/mcp.json"},
        {"vscode", "VS Code", where.here / ".vscode/mcp.json", "servers",
         "For all folders instead: the command \"MCP: Open User Configuration\", and the same text"},
        {"codex", "Codex", codex / "config.toml", "",
         "The same by its own command: codex mcp add berth -- " + shell_words(start)},
    };
}

outcome<std::string> with_berth(const client& which, std::string_view before, const start_command& start) {
    return which.key.empty() ? in_toml(before, start) : in_json(which.key, before, start);
}

} // namespace berth::cli::mcp
