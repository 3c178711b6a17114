// A signal (a handler without SA_RESTART) may interrupt a system call that waits; that is no failure.
#pragma once

#include <cerrno>

namespace berth {

/// Calls again as long as it was only interrupted. For calls that say so by -1 and EINTR, and not for close(): the
/// descriptor is gone by then.
template <class Call>
auto uninterrupted(Call call) {
    auto outcome = call();
    while (outcome < 0 && errno == EINTR)
        outcome = call();
    return outcome;
}

} // namespace berth
