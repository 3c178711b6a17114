#include "net/mcp/sessions.hpp"

#include "core/app_json.hpp"
#include "core/names.hpp"
#include "net/mcp/answers.hpp"
#include "net/mcp/resources.hpp"

#include <boost/asio/co_spawn.hpp>

#include <algorithm>

namespace berth::net::mcp {

sessions::sessions(asio::any_io_executor executor, orchestrator& orch, mcp::news& n,
                   std::function<void(std::size_t)> listeners, mcp_options options)
    : executor_(executor), orch_(orch), news_(n), listeners_(std::move(listeners)), options_(options), look_(executor) {
    news_.on_news = [this] { look_.cancel(); };
}

std::shared_ptr<session> sessions::open(std::string revision) {
    if (all_.size() >= options_.most_sessions)
        drop(std::min_element(all_.begin(), all_.end(),
                              [](auto& a, auto& b) { return a.second->unused_since() < b.second->unused_since(); }));
    auto id = new_id() + new_id() + new_id(); // 155 bits
    auto made = std::make_shared<session>(executor_, id, std::move(revision));
    all_.emplace(id, made);
    if (!std::exchange(watching_, true)) {
        apps_ = apps_text(*orch_.apps());
        names_ = dump(resource_list(*orch_.apps()));
        asio::co_spawn(executor_, watch(shared_from_this()), rethrow);
    }
    return made;
}

std::shared_ptr<session> sessions::find(std::string_view id) const {
    auto found = all_.find(id);
    return found == all_.end() ? nullptr : found->second;
}

bool sessions::end(std::string_view id) {
    auto found = all_.find(id);
    if (found == all_.end())
        return false;
    drop(found);
    return true;
}

void sessions::close() {
    closed_ = true;
    while (!all_.empty())
        drop(all_.begin());
    look_.cancel();
    news_.on_news = {};
}

void sessions::drop(std::map<std::string, std::shared_ptr<session>, std::less<>>::iterator which) {
    which->second->end();
    all_.erase(which);
    count_listeners();
}

task<> sessions::watch(std::shared_ptr<sessions> self) {
    while (!self->closed_ && !self->all_.empty()) {
        self->look_.expires_after(self->options_.look);
        co_await self->look_.async_wait(as_result);
        if (!self->closed_)
            self->look(clock::now());
    }
    self->watching_ = false;
}

void sessions::look(clock::time_point now) {
    for (auto it = all_.begin(); it != all_.end();) {
        auto which = it++;
        if (now - which->second->unused_since() > options_.unused)
            drop(which);
    }
    take_news();
    count_listeners();
    for (auto& [id, s] : all_) {
        s->beat(now, options_.progress);
        s->flush(now);
    }
}

void sessions::take_news() {
    auto changes = news_.take();
    for (auto& id : changes.wrote)
        for (auto& [key, s] : all_)
            s->wanted.touch(logs_uri(id));
    if (!changes.apps)
        return;
    auto view = orch_.apps();
    if (auto text = apps_text(*view); text != apps_) { // figures that flutter are not in it
        apps_ = std::move(text);
        for (auto& [key, s] : all_)
            s->wanted.touch(std::string(apps_uri));
    }
    if (auto names = dump(resource_list(*view)); names != names_) {
        names_ = std::move(names);
        for (auto& [key, s] : all_)
            s->list_changed = true;
    }
}

void sessions::count_listeners() {
    auto now = static_cast<std::size_t>(std::count_if(
        all_.begin(), all_.end(), [](auto& each) { return each.second->listens() && !each.second->wanted.empty(); }));
    if (std::exchange(listening_, now) != now && listeners_)
        listeners_(now);
}

} // namespace berth::net::mcp
