// The grammar, continued: a server in the background.
#include "cli/grammar.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace berth::cli {

void grammar::background() {
    auto& up = command("up", "Start the server in the background, unless one answers");
    auto own = up.get_options();
    serve_options(up);
    auto* port = up.get_option("--port")->excludes(up.get_option("--url"));
    auto* root = up.get_option("--root");
    auto handed_on = up.get_options([=](const CLI::Option* option) {
        bool here = std::find(own.begin(), own.end(), option) != own.end();
        return !here && option != port && option != root && option->get_name() != "--open";
    });
    auto* at_login = up.add_flag("--at-login", up_.at_login, "And from now on whenever you log in, with these flags");
    up.add_flag("--no-login", up_.no_login, "No more when you log in; what runs now runs on")->excludes(at_login);
    up.callback([this, port, root, handed_on] {
        if (port->count() > 0)
            result_.url = fmt::format("http://localhost:{}", serve_.port);
        up_.root = serve_.root;
        up_.root_given = root->count() > 0;
        up_.open = serve_.open;
        for (auto* option : handed_on)
            if (option->count() > 0)
                up_.flags.push_back(option->get_name() + "=" + option->as<std::string>());
        result_.what = up_;
    });

    auto& down = command("down", "End the server; the apps run on");
    auto* where = down.add_option("--port", mcp_port_, "The server, by its port alone")
                      ->check(CLI::Range(1, 65535))
                      ->excludes(down.get_option("--url"))
                      ->type_name("PORT");
    down.add_option("--root", down_root_, "Of the server that is meant, wherever it listens")
        ->excludes(where)
        ->excludes(down.get_option("--url"))
        ->type_name("DIR");
    down.callback([this] {
        if (mcp_port_ > 0)
            result_.url = fmt::format("http://localhost:{}", mcp_port_);
        if (!down_root_.empty())
            down_.root = down_root_;
        result_.what = down_;
    });
}

} // namespace berth::cli
