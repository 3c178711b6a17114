// Keeps the apps' logs bounded: looks at an app's two files soon after it wrote, and at all of them twice a minute, for
// hints can be missed; what is too long is rotated (core/logs.hpp).
//
// Lives on the reactor, as one coroutine: one file after the other, so that a rotation's copy takes one worker at most.
#pragma once

#include "core/logs.hpp"

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace berth {

struct log_bounds {
    std::uint64_t limit = std::uint64_t{64} << 20; // bytes of one file; an archive of as much may lie beside it
    std::chrono::milliseconds look_after{2'000};   // something was written
    std::chrono::milliseconds look_at_all{30'000};
};

class log_keeper {
public:
    /// `all`: the ids of the apps there are now. The log files must outlive the executor's last turn.
    log_keeper(asio::any_io_executor, log_files&, log_bounds, std::function<std::vector<std::string>()> all);
    /// The coroutine ends soon after and touches nothing of the owner any more.
    ~log_keeper() { close(); }

    void wrote(const std::string& id);
    /// No further look; a rotation under way is cut short.
    void close();

private:
    struct shared;
    static task<> run(std::shared_ptr<shared>);
    std::shared_ptr<shared> shared_;
};

} // namespace berth
