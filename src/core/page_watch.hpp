// Keeps every app's `page` as its dev server tells it: looks for evidence that somebody opened one, asks when
// page_schedule says so, and puts the answer into the registry.
//
// Evidence is a request in the app's log, which Next writes once it has answered, or, where it logs none, a connection
// that stays open for 10 s: a page holds one, while whoever only tries the port does not, and a first page that is
// still being compiled shall not be slowed down by a question. Looked for when it wrote, and every 2 s while an app is
// online: one question to the kernel for all of them.
//
// Lives on the reactor, owned by the orchestrator; close() waits for all that is under way.
#pragma once

#include "core/logs.hpp"
#include "core/machine.hpp"
#include "core/page_checker.hpp"
#include "core/page_schedule.hpp"
#include "core/registry.hpp"
#include "core/storage.hpp"

#include <boost/asio/steady_timer.hpp>

#include <map>
#include <optional>
#include <string>

namespace berth {

struct page_watch_parts {
    berth::registry& registry;
    berth::storage& storage;
    berth::machine& machine;
    page_checker& checker;
    log_files* logs; // none: no app is known to have been opened by its log
};

class page_watch {
public:
    page_watch(asio::any_io_executor, page_watch_parts);

    void wrote(const std::string& id);

    /// Returns when a question that began after the call was answered, well or badly, or the run has ended.
    task<> check(std::string id);

    task<> close();

private:
    /// What is known of a run of an app, besides its schedule.
    struct run_state {
        std::int64_t run = 0;
        std::optional<page> last; // what was last answered in this run
        bool is_opened = false;
        std::optional<page_schedule::time> connected_since; // without a look that saw nobody
        bool reads_log = false, reads_again = false;
        /// How far its log was read; none: not yet, and it began before anybody looked.
        std::optional<std::uint64_t> read_to;
    };

    task<> run();
    void note_apps();
    task<> look_for_connections();
    void is_opened(const std::string& id, run_state&);
    void note_visit(const std::string& id);
    task<> read_log(std::string id);
    task<> mark_log(std::string id, std::int64_t begun);
    task<> ask(page_schedule::question);
    void put(const std::string& id, std::int64_t run, std::optional<page>);
    bool is_online(const std::string& id, std::int64_t run) const;
    void spawn(task<>);

    asio::any_io_executor executor_;
    page_watch_parts parts_;
    page_schedule schedule_;
    std::map<std::string, run_state> runs_; // of apps that launch or are online
    std::int64_t began_;                    // ms since 1970: when the watch did
    bool closed_ = false;
    int under_way_ = 0;
    page_schedule::time look_at_{};
    asio::steady_timer wake_;
    asio::steady_timer answered_; // cancelled when a question has ended, or a run
    asio::steady_timer ended_;    // cancelled when a task has
};

} // namespace berth
