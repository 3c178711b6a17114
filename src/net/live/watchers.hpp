// The orchestrator has one watcher; on the network side several want to be told: the WebSocket clients' hub, and the
// MCP sessions. This is that one watcher, and tells each of them.
//
// Lives on the reactor. Nobody is added or removed while they are being told.
#pragma once

#include "core/orchestrator.hpp"

#include <cstddef>
#include <map>

namespace berth::net {

class watchers final : public watcher {
public:
    /// Registers itself with the orchestrator, which must outlive it.
    explicit watchers(orchestrator&);
    ~watchers();
    watchers(const watchers&) = delete;

    /// Each must stay until it is removed. Removing one that is not there does nothing.
    void add(watcher&);
    void remove(watcher&);
    /// How many clients somebody who was added has connected now: the orchestrator is told of all together.
    void set_audience(watcher& of, std::size_t clients);

    void on_change(const change&) override;
    void on_event(const std::string& id, const std::string& event, std::int64_t at_ms) override;
    void on_operation(const operation&) override;
    void on_wrote(const std::string& id) override;
    void on_problems() override;
    void on_activity(const activity_entry&) override;

private:
    void tell_audience();

    orchestrator& orch_;
    std::map<watcher*, std::size_t> all_; // and the audience of each
};

} // namespace berth::net
