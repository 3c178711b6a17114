// Who is put to sleep, and when: spec section 15. Pure.
//
// An app that nobody was connected to for long sleeps, and earlier where the machine is short of memory: then the one
// that was idle the longest first, one at a time, until there is room. A connection that is open is somebody who looks:
// a page of a Next app holds one to it for as long as it is open. What a browser keeps for its next request alone is
// not taken for one, as Node closes that after 5 s.
#pragma once

#include "core/app.hpp"
#include "core/machine.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace berth {

struct sleep_settings {
    std::optional<std::chrono::seconds> after = std::chrono::hours(1); // without a connection; none: never
    int memory_floor = 10; // per cent of the machine's memory that is to be available; 0: whatever is
    std::chrono::milliseconds young = std::chrono::minutes(1); // one that is not online for longer is left alone
};

/// An app that is online.
struct sleep_candidate {
    using time = std::chrono::steady_clock::time_point;

    std::string id;
    time since;   // online
    time visited; // when somebody was connected last, as far as it was seen; `since` where nobody was
    bool connected = false;
    bool busy = false; // an operation of it is under way
    bool keep_awake = false;
};

struct bedtime {
    std::string id;
    nap::cause why;
    bool operator==(const bedtime&) const = default;
};

/// Whom nobody would miss: the one that is idle the longest. Null: nobody may sleep.
const sleep_candidate* longest_idle(const std::vector<sleep_candidate>&, const sleep_settings&,
                                    sleep_candidate::time now);

/// Less than the floor of the machine's memory is available.
bool is_short_of_memory(const machine_load&, const sleep_settings&);

/// Who is to be put to sleep now.
std::optional<bedtime> next_to_sleep(const std::vector<sleep_candidate>&, const machine_load&, const sleep_settings&,
                                     sleep_candidate::time now);

/// The sentence for people: since when (in local time) and why it sleeps.
std::string nap_reason(const nap&);

} // namespace berth
