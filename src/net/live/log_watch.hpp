// Looks at the log files that somebody follows, once for all who do, and tells what it saw.
//
// The bridge's "it wrote" is a hint: pm2 writes the file after it has said so, and hints can be missed. So a hint means
// looking now, then 5, 10, 20 ms later and so on until something came; without hints a file is looked at four times a
// second.
//
// Lives on the reactor, as one coroutine that looks at one file after the other; the looking is done on the worker
// pool.
#pragma once

#include "core/logs.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace berth::net {

class log_watch {
public:
    using told = std::function<void(const std::string& id, log_stream, const log_piece&)>;

    virtual ~log_watch() = default;

    /// Counted: as many remove() as add().
    virtual void add(const std::string& id) = 0;
    virtual void remove(const std::string& id) = 0;
    virtual void hint(const std::string& id) = 0;
};

/// `told` is called after every look, changed or not. The coroutine ends soon after the watch is destroyed and touches
/// nothing of its owner any more; the log files must outlive the io_context's last turn.
std::unique_ptr<log_watch> create_log_watch(asio::any_io_executor, log_files&, std::chrono::milliseconds look_every,
                                            log_watch::told);

} // namespace berth::net
