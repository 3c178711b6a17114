// An existing project that is taken in: what it is refused for, and the end of a dev server that runs in it already.
// Nothing of its folder is ever written, neither here nor later: the app is an entry, its log files and pm2's row.
#include "core/create_job.hpp"

#include "core/names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace berth {
namespace {

namespace fs = std::filesystem;

bool is_at_or_in(const fs::path& path, const fs::path& folder) {
    auto [end, rest] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
    return end == folder.end();
}

std::string told(const std::vector<dev_server>& running) {
    std::string names;
    for (auto& each : running) {
        auto port = each.port ? fmt::format(", port {}", each.port) : "";
        names += fmt::format("{}{} (pid {}{})", names.empty() ? "" : ", ", printable_text(each.process.name),
                             each.process.pid, port);
    }
    return names;
}

} // namespace

/// Its directory becomes the real path.
task<result<>> creates::look_at(adoption& wish) {
    fs::path given = wish.directory;
    if (!given.is_absolute())
        co_return error{errc::invalid_request, "directory: must be an absolute path."};
    auto script = wish.script;
    auto real = co_await parts_.projects.inspect(std::move(given), std::move(script));
    if (real.has_error())
        co_return real.error();
    if (is_at_or_in(*real, parts_.storage.root()))
        co_return error{errc::not_a_project,
                        fmt::format("{} is inside Berth's own folder, {}. What is there is Berth's; move the project "
                                    "out of it first.",
                                    real->native(), parts_.storage.root().native())};
    wish.directory = real->string();
    if (auto once = refuse_twice(wish); once.has_error())
        co_return once;
    if (wish.take_over)
        co_return result<>();
    auto folder = *real;
    auto running = co_await parts_.machine.servers_in(std::move(folder), ids());
    if (running.empty())
        co_return result<>();
    co_return error{errc::project_running,
                    fmt::format("A dev server runs in {} already: {}. Stop it, or have Berth end it (--take-over).",
                                wish.directory, told(running))};
}

result<> creates::refuse_twice(const adoption& wish) const {
    auto refusal = [&](const std::string& name) {
        return error{errc::already_adopted, fmt::format("{} is the app \"{}\" already.", wish.directory, name)};
    };
    for (auto& [id, entry] : parts_.registry.value().apps)
        if (entry.app.adopted == wish.directory)
            return refusal(entry.app.name);
    for (auto& other : jobs_)
        if (other->wish.adopt && other->wish.adopt->directory == wish.directory)
            return refusal(other->shown.name);
    return {};
}

std::set<std::string> creates::ids() const {
    std::set<std::string> all;
    for (auto& [id, entry] : parts_.registry.value().apps)
        all.insert(id);
    return all;
}

task<result<>> creates::take_over(const adoption& wish) {
    if (!wish.take_over)
        co_return result<>();
    fs::path folder = wish.directory;
    auto left = co_await parts_.machine.end_servers_in(std::move(folder), ids());
    if (left.empty())
        co_return result<>();
    co_return error{errc::project_running,
                    fmt::format("A dev server still runs in {}, or was started again: {}. End what starts it.",
                                wish.directory, told(left))};
}

} // namespace berth
