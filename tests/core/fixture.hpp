#pragma once

#include "core/creates.hpp"
#include "core/orchestrator.hpp"
#include "core/sync.hpp"

#include "support/fakes.hpp"

namespace berth::test {

/// An orchestrator on stand-ins for the outside world; what a test puts into these first, it finds when it opens.
struct fixture {
    asio::io_context io;
    fake_storage storage;
    fake_pm2 pm2;
    fake_machine machine;
    fake_scaffolder scaffolder;
    fake_projects projects;
    fake_templates templates{storage};
    fake_tools tools;
    log_files* logs = nullptr;
    page_checker* pages = nullptr;
    sleep_settings sleep{std::nullopt, 0, std::chrono::milliseconds(0)}; // nobody but who is told to
    std::unique_ptr<orchestrator> berth;

    void with(task<> (*body)(fixture&), int max_running = 20) {
        orchestrator_parts parts{storage, pm2, machine, scaffolder, projects, templates, tools, logs};
        parts.pages = pages;
        parts.sleep = sleep;
        berth = create_orchestrator(io.get_executor(), parts, max_running);
        io.restart(); // a test may open a second one on what the first has left
        run(io, session(body));
        berth.reset();
    }

    task<std::string> make(std::string name, std::optional<std::string> category = {}) {
        create_options wish;
        wish.name = name;
        wish.category = category;
        auto made = co_await berth->create(wish);
        co_return made.value()->app.id;
    }

    const app& shown(const std::string& id) { return berth->apps()->find(id)->app; }

private:
    task<> session(task<> (*body)(fixture&)) {
        auto opened = co_await berth->open();
        BOOST_REQUIRE(opened.has_value());
        co_await body(*this);
        co_await berth->shut_down();
    }
};

inline void spawn_create(fixture& f, std::string name, std::vector<result<std::shared_ptr<const app_view>>>& answers) {
    create_options wish;
    wish.name = std::move(name);
    asio::co_spawn(f.io, f.berth->create(wish), [&answers](std::exception_ptr e, auto made) {
        BOOST_REQUIRE(!e);
        answers.push_back(std::move(made));
    });
}

/// Until the first create under way is past its scaffold.
inline task<> until_starting(fixture& f) {
    co_await until([&f] {
        auto all = f.berth->operations();
        return !all.empty() && all[0].at == operation::phase::starting;
    });
}

} // namespace berth::test
