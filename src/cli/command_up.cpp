// up and down: a server in the background. Both may be said again: what is so already is a success.
#include "cli/commands.hpp"
#include "cli/login_session.hpp"
#include "cli/opener.hpp"
#include "cli/root_holder.hpp"
#include "cli/server_health.hpp"
#include "cli/server_start.hpp"
#include "cli/text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace berth::cli {
namespace {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;
using steady = std::chrono::steady_clock;

/// The server ends within 10 s, whatever it has under way.
constexpr std::chrono::seconds end_deadline{15};
constexpr std::chrono::seconds announce_deadline{5};
constexpr std::chrono::milliseconds between_signs{20};

bool is_same_folder(const fs::path& one, const fs::path& other) {
    std::error_code ignored;
    return one == other || fs::equivalent(one, other, ignored);
}

/// Where a stranger listens nothing of ours can.
bool may_start(const failure& why) { return why.code == exit_code::no_server && !why.foreign; }

task<outcome<>> begin_one(session& s, const up_command& wish, const fs::path& root, const login_state& login) {
    if (login.starts_it) {
        auto begun = co_await start_at_login(s);
        co_return begun;
    }
    auto begun = co_await start_server(s, root, wish.flags);
    co_return begun;
}

failure other_root(const session& s, const server_facts& there, const fs::path& root) {
    return failed(
        fmt::format("the server at {} serves {}, not {}; choose another port with --port, or end that one with: "
                    "berth down",
                    s.server.url(), visible(there.root), visible(root.native())));
}

void tell(session& s, const json& object, const std::string& sentence) {
    if (s.json)
        s.out.print_json(object.dump());
    else
        s.out.print(sentence + "\n");
}

/// What is asked for is so already.
outcome<int> nothing_to_end(session& s, const std::string& where) {
    tell(s, {{"url", s.server.url()}, {"ended", false}}, "no berth server " + where);
    return exit_code::done;
}

task<outcome<>> end_server(session& s, const root_holder& server) {
    auto asked = server.ask_to_end();
    if (asked.has_error())
        co_return asked.error();
    for (auto end = steady::now() + end_deadline; !server.has_ended();) {
        if (steady::now() >= end) {
            auto why = failed(fmt::format("the server (pid {}) has been told to end, and did not within {} s",
                                          server.pid(), end_deadline.count()));
            co_return why;
        }
        co_await pause(s, between_signs);
    }
    co_return outcome<>();
}

/// Who has the root, once it has said where it answers: it does so right after its start.
task<outcome<std::optional<root_holder>>> announced_holder(session& s, fs::path root) {
    for (auto end = steady::now() + announce_deadline;;) {
        auto holder = root_holder::of(root);
        if (holder.has_error() || !*holder || !(*holder)->url().empty() || steady::now() >= end)
            co_return holder;
        co_await pause(s, between_signs);
    }
}

/// Pure. An answer may come from elsewhere, by a tunnel or out of a container, and its root be another's here.
outcome<> check_same_server(const server_address& asked, const std::string& root, const root_holder* holder) {
    if (!holder)
        return failed(
            fmt::format("the server at {} serves {}, but no server of this machine does: it is another machine's, "
                        "to be ended there",
                        asked.url(), visible(root)));
    auto where = parse_address(holder->url(), "its lock");
    if (where.has_value() && where->port == asked.port)
        return outcome<>();
    return failed(fmt::format("the server at {} serves {}, and so does one on this machine (pid {}, {}): it is another "
                              "machine's, to be ended there",
                              asked.url(), visible(root), holder->pid(),
                              holder->url().empty() ? "which does not answer yet" : visible(holder->url())));
}

} // namespace

task<outcome<int>> run_up(session& s, up_command wish) {
    if (wish.no_login) {
        auto gone = co_await leave_login(s);
        if (gone.has_error())
            co_return gone.error();
        co_return exit_code::done;
    }
    auto root = absolute_root(wish.root);
    if (root.has_error())
        co_return root.error();
    auto there = co_await ask_server(s);
    if (there.has_error() && !may_start(there.error()))
        co_return there.error();
    if (there.has_value() && wish.root_given && !is_same_folder(there->root, *root))
        co_return other_root(s, *there, *root);
    login_state login;
    if (wish.at_login) {
        auto command = server_command(s, *root, wish.flags);
        auto joined = co_await join_login(s, std::move(command), *root);
        if (joined.has_error())
            co_return joined.error();
        login = *joined;
    }
    bool started = there.has_error();
    if (started) {
        auto begun = co_await begin_one(s, wish, *root, login);
        if (begun.has_error())
            co_return begun.error();
        there = co_await ask_server(s);
        if (there.has_error())
            co_return there.error();
        if (!is_same_folder(there->root, *root)) // another came up there at the same time
            co_return other_root(s, *there, *root);
    } else if (!wish.flags.empty()) {
        s.out.note("it runs already: the flags are for its next start (berth down, then berth up)");
    }
    tell(s, {{"url", s.server.url()}, {"root", there->root}, {"started", started}},
         fmt::format("Berth is at {} (apps in {})", s.server.url(), visible(there->root)));
    if (wish.open)
        open_address(s.server.url());
    co_return exit_code::done;
}

task<outcome<int>> run_down(session& s, down_command wish) {
    fs::path root;
    if (wish.root) {
        auto given = absolute_root(*wish.root);
        if (given.has_error())
            co_return given.error();
        root = *given;
    } else {
        auto there = co_await ask_server(s);
        if (there.has_error() && may_start(there.error())) {
            auto none = nothing_to_end(s, "at " + s.server.url());
            co_return none;
        }
        if (there.has_error())
            co_return there.error();
        root = there->root;
    }
    auto holder = co_await announced_holder(s, root);
    if (holder.has_error())
        co_return holder.error();
    auto* server = *holder ? &**holder : nullptr;
    if (!server && wish.root) {
        auto none = nothing_to_end(s, "serves " + visible(root.native()));
        co_return none;
    }
    if (auto same = wish.root ? outcome<>() : check_same_server(s.server, root.native(), server); same.has_error())
        co_return same.error();
    auto done = co_await end_server(s, *server);
    if (done.has_error())
        co_return done.error();
    auto where = server->url().empty() ? root.native() : server->url();
    tell(s, {{"url", where}, {"ended", true}}, fmt::format("Berth at {} has ended; its apps run on", visible(where)));
    co_return exit_code::done;
}

} // namespace berth::cli
