// The calls that give out log text: excerpts and downloads.
//
// An excerpt may be 12 MiB of JSON for one client alone. It is read and written out on the worker pool, never on the
// reactor, and only when there is room for it: see room.hpp. Room for the largest is taken before the log is read, so
// one is made at a time and the pool keeps a thread for everybody else.
#pragma once

#include "core/view.hpp"
#include "net/api/api.hpp"
#include "net/http/room.hpp"

namespace berth::net {

class log_calls {
public:
    /// All must outlive it, and its tasks.
    log_calls(log_files& logs, asio::any_io_executor home, asio::any_io_executor workers,
              std::chrono::milliseconds patience);

    /// GET /api/apps/{id}/logs and /logs/{stream}, of an app that is there.
    task<reply> excerpt(const call&, std::shared_ptr<const app_view>);
    task<reply> download(const call&, std::shared_ptr<const app_view>);

private:
    log_files& logs_;
    asio::any_io_executor home_;
    asio::any_io_executor workers_;
    std::chrono::milliseconds patience_;
    room room_;
};

} // namespace berth::net
