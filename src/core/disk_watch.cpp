#include "core/disk_watch.hpp"

#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace berth {
namespace {

using namespace std::chrono_literals;

constexpr auto every = 10s;
constexpr std::size_t most_named = 5;

std::string named(const std::vector<std::string>& all) {
    auto shown = std::min(all.size(), most_named);
    auto text = fmt::format("{}", fmt::join(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    return shown < all.size() ? fmt::format("{} and {} more", text, all.size() - shown) : text;
}

} // namespace

struct disk_watch::shared {
    registry& into;
    storage& disk;
    ids housed; // empty: closed
    ids logged;
    asio::steady_timer wake;
};

disk_watch::disk_watch(asio::any_io_executor executor, registry& r, storage& s, ids housed, ids logged)
    : shared_(new shared{r, s, std::move(housed), std::move(logged), asio::steady_timer(executor)}) {
    asio::co_spawn(executor, run(shared_), rethrow);
}

void disk_watch::close() {
    shared_->housed = nullptr;
    shared_->wake.cancel();
}

task<> disk_watch::run(std::shared_ptr<shared> s) {
    for (;;) {
        s->wake.expires_after(every);
        co_await s->wake.async_wait(as_result);
        if (!s->housed)
            co_return;
        auto known = s->housed();
        auto strays = co_await s->disk.strays(std::move(known));
        if (!s->housed)
            co_return;
        known = s->housed(); // what was begun meanwhile
        std::erase_if(strays, [&](auto& name) { return known.contains(name); });
        s->into.set_problem("stray_folders", stray_folders(strays));
        s->into.set_problem("trash_stuck", stuck_trash(s->disk.stuck()));

        known = s->logged();
        auto left = co_await s->disk.stray_logs(std::move(known));
        for (auto& id : left) {
            if (!s->housed)
                co_return;
            if (!s->logged().contains(id))
                co_await s->disk.remove_logs(id); // what cannot be removed now is found again
        }
    }
}

std::string stray_folders(const std::vector<std::string>& names) {
    if (names.empty())
        return {};
    return fmt::format("No app owns what lies in created-apps under {}. Move it away if you want it, or remove it.",
                       named(names));
}

std::string stuck_trash(const std::vector<std::string>& what) {
    if (what.empty())
        return {};
    return fmt::format("Of deleted apps this could not be removed: {}. Berth tries again every few minutes.",
                       named(what));
}

} // namespace berth
