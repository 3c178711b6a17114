// The grammar of the command line for CLI11, and the values that it writes into. Only arguments.cpp uses it; CLI11 is
// slow to compile. It lives as long as one parse.
#pragma once

#include "cli/arguments.hpp"

#include <CLI/CLI.hpp>

namespace berth::cli {

// CLI11 takes "[a]" among several values for a list, and would delete the app "a"; of "[::1]:5000" it would make "::1".
// The mark before the bracket prevents this, and is taken off again from what was parsed.
inline constexpr char bracket_mark = '\x1f';

class grammar {
public:
    explicit grammar(const environment&);
    grammar(const grammar&) = delete;
    grammar& operator=(const grammar&) = delete;

    outcome<invocation> parse(std::vector<std::string> words);
    std::vector<outlined_command> outline() const;

private:
    CLI::App& command(const std::string& name, const std::string& help);
    void common(CLI::App&);
    void timeout(CLI::App&, const std::string& help);
    void serve();
    void create();
    void adopt();
    void edit();
    void list();
    void show();
    CLI::App& action(const std::string& name, const std::string& help, bulk_action);
    void actions();
    void wait();
    void logs();
    void templates();
    void activity();
    void mcp();
    void others();
    void completion();

    outcome<invocation> parsed(std::vector<std::string> words);
    bool knows(const std::string& name) const;
    CLI::App* used() const;
    std::string meant_flag() const;
    std::string within() const; // the words before it
    failure usage(std::string_view what) const;
    failure unknown(const std::string& command) const;
    outcome<> check();
    outcome<> check_list(list_command&) const;
    outcome<> check_logs(logs_command&) const;
    outcome<> check_serve(serve_flags&) const;
    outcome<> check_edit(const edit_command&) const;
    outcome<> check_template(const template_command&) const;
    outcome<> check_selection(const std::vector<std::string>& apps, bool category, bool all) const;

    CLI::App app_;
    invocation result_;
    serve_flags serve_;
    create_command create_;
    adopt_command adopt_;
    edit_command edit_;
    list_command list_;
    show_command show_;
    action_command action_;
    wait_command wait_;
    logs_command logs_;
    open_command open_;
    why_command why_;
    check_command check_;
    path_command path_;
    cancel_command cancel_;
    template_command template_;
    activity_command activity_;
    mcp_command mcp_;
    mcp_install_command mcp_install_;
    completion_command completion_;
    std::string format_, since_, mcp_root_;
    std::optional<std::string> sleep_after_, memory_floor_;
    int mcp_port_ = 0; // 0: as --url says
    int timeout_ = 60, patience_ = 60; // seconds
    bool lan_ = false, no_lan_ = false, keep_awake_ = false, no_keep_awake_ = false;
    bool only_out_ = false, only_error_ = false, quiet_ = false;
};

} // namespace berth::cli
