#include "core/git_watch.hpp"

#include <boost/asio/co_spawn.hpp>

namespace berth {

struct git_watch::shared {
    registry* into; // null: closed
    git_reader& from;
    std::filesystem::path root;
    std::chrono::milliseconds every;
    asio::steady_timer wake;
};

git_watch::git_watch(asio::any_io_executor executor, registry& into, git_reader& from, std::filesystem::path root,
                     std::chrono::milliseconds every)
    : shared_(new shared{&into, from, std::move(root), every, asio::steady_timer(executor)}) {
    asio::co_spawn(executor, run(shared_), rethrow);
}

void git_watch::close() {
    shared_->into = nullptr;
    shared_->wake.cancel();
}

task<> git_watch::run(std::shared_ptr<shared> s) {
    while (s->into) {
        std::vector<std::string> ids;
        std::vector<git_place> places;
        for (auto& [id, entry] : s->into->value().apps) {
            ids.push_back(id);
            places.push_back({entry.app.folder(s->root), !entry.app.owned()});
        }
        auto asked = places;
        auto heads = co_await s->from.read(std::move(asked));
        if (!s->into)
            co_return;
        bool differs = false;
        for (std::size_t i = 0; i < heads.size(); ++i)
            s->into->edit(ids[i], [&](app& a) {
                if (a.git == heads[i] || a.folder(s->root) != places[i].folder)
                    return;
                a.git = heads[i];
                differs = true;
            });
        if (differs)
            s->into->commit();
        s->wake.expires_after(s->every);
        co_await s->wake.async_wait(as_result);
    }
}

} // namespace berth
