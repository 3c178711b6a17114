// Memory for answers that are made for one client alone and wait to be sent: so many bytes for all of them together.
// Who comes when it is taken waits in line, before making anything, so that clients who ask and never read cost a
// bounded amount however many they are.
//
// Lives on the reactor. Rejected: a bound for each connection; 4,096 of them make any such bound a large one.
#pragma once

#include "core/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstddef>
#include <memory>

namespace berth::net {

class room {
    struct state;

public:
    room(asio::any_io_executor, std::size_t bytes);

    /// A part of the room, given back when it is destroyed. May outlive the room.
    class share {
    public:
        share(std::shared_ptr<state>, std::size_t bytes);
        ~share();
        share(const share&) = delete;
        share& operator=(const share&) = delete;
        /// Keeps so many bytes (no more than it has) and gives the rest back.
        void shrink(std::size_t bytes);

    private:
        std::shared_ptr<state> state_;
        std::size_t bytes_;
    };

    /// In the order of asking; `bytes` no more than the room has. Null: it had none within the patience.
    task<std::shared_ptr<share>> take(std::size_t bytes, std::chrono::milliseconds patience);

private:
    asio::any_io_executor executor_;
    std::shared_ptr<state> state_;
};

} // namespace berth::net
