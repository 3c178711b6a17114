#include "cli/login_item.hpp"

#include "cli/text.hpp"

#include <fmt/format.h>

namespace berth::cli {
namespace {

// No two dashes: XML has none in a comment.
constexpr std::string_view signature = "Written by `berth up` with its flag at-login; with no-login it removes this.";

/// In double quotes. `doubled`: what means something else when it stands alone.
std::string systemd_quoted(std::string_view text, std::string_view doubled) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        else if (doubled.find(c) != doubled.npos)
            out += c;
        out += c;
    }
    return out + '"';
}

/// A word of ExecStart=, where specifiers (%) and variables ($) are replaced.
std::string command_word(std::string_view text) { return systemd_quoted(text, "%$"); }
/// An assignment of Environment=, where only specifiers are.
std::string assignment(const std::string& name, std::string_view value) {
    return systemd_quoted(fmt::format("{}={}", name, value), "%");
}

std::string in_xml(std::string_view text) {
    std::string out;
    for (char c : text)
        out += c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : std::string(1, c);
    return out;
}

std::string xml_string(std::string_view text) { return fmt::format("<string>{}</string>", in_xml(text)); }

} // namespace

outcome<> check_login_item(const login_item& item) {
    auto check = [](const std::string& word) -> outcome<> {
        bool writable = visible(word) == word;
        return writable ? outcome<>()
                        : failed(fmt::format("\"{}\" has characters that cannot be written into a file of the system's",
                                             visible(word)));
    };
    for (auto& word : item.command)
        if (auto checked = check(word); checked.has_error())
            return checked;
    for (auto& [name, value] : item.variables)
        if (auto checked = check(value); checked.has_error())
            return checked;
    return outcome<>();
}

std::string systemd_unit(const login_item& item) {
    // Through a shell that only becomes the program: systemd takes no quotes, backslashes or dollars in the path of a
    // program, and all of them in an argument. The shell's own text is constant.
    std::string command = R"(/bin/sh -c "exec \"$$0\" \"$$@\"")";
    for (auto& word : item.command)
        command += ' ' + command_word(word);
    std::string variables;
    for (auto& [name, value] : item.variables)
        variables += fmt::format("Environment={}\n", assignment(name, value));
    return fmt::format("# {}\n"
                       "[Unit]\n"
                       "Description=Berth, Next.js dev servers on this machine\n"
                       "StartLimitIntervalSec=60\n"
                       "StartLimitBurst=5\n"
                       "\n"
                       "[Service]\n"
                       "{}"
                       "ExecStart={}\n"
                       "Restart=on-failure\n"
                       "RestartSec=2\n"
                       "# pm2's daemon and the apps are in this unit's control group, and run on when Berth ends.\n"
                       "KillMode=process\n"
                       "\n"
                       "[Install]\n"
                       "WantedBy=default.target\n",
                       signature, variables, command);
}

std::string launchd_agent(const login_item& item, const std::string& log) {
    std::string arguments, variables;
    for (auto& word : item.command)
        arguments += fmt::format("    {}\n", xml_string(word));
    for (auto& [name, value] : item.variables)
        variables += fmt::format("    <key>{}</key>\n    {}\n", in_xml(name), xml_string(value));
    return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                       "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                       "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n"
                       "<!-- {} -->\n"
                       "<plist version=\"1.0\">\n"
                       "<dict>\n"
                       "  <key>Label</key>\n"
                       "  <string>{}</string>\n"
                       "  <key>ProgramArguments</key>\n"
                       "  <array>\n"
                       "{}"
                       "  </array>\n"
                       "  <key>EnvironmentVariables</key>\n"
                       "  <dict>\n"
                       "{}"
                       "  </dict>\n"
                       "  <key>RunAtLoad</key>\n"
                       "  <true/>\n"
                       "  <key>KeepAlive</key>\n"
                       "  <dict>\n"
                       "    <key>SuccessfulExit</key>\n"
                       "    <false/>\n"
                       "  </dict>\n"
                       "  <key>AbandonProcessGroup</key>\n"
                       "  <true/>\n"
                       "  <key>StandardOutPath</key>\n"
                       "  {}\n"
                       "  <key>StandardErrorPath</key>\n"
                       "  {}\n"
                       "</dict>\n"
                       "</plist>\n",
                       signature, launchd_label, arguments, variables, xml_string(log), xml_string(log));
}

bool is_our_login_item(std::string_view text) { return text.find(signature) != text.npos; }

} // namespace berth::cli
