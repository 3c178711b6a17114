// A body that comes about while it is sent: server-sent events.
#pragma once

#include "core/task.hpp"

#include <optional>
#include <string>

namespace berth::net {

class event_source {
public:
    virtual ~event_source() = default;

    /// The next text to send, never empty; none: this was all. Comes now and then even when nothing happens, so that a
    /// client that is gone is noticed. Not asked at all where only the head of the answer is wanted.
    virtual task<std::optional<std::string>> next() = 0;
};

} // namespace berth::net
