// What happened, to be read later: the last 2,000 entries, in memory for whoever asks and on the disk for the next
// server. What is an entry, and what is none, activity_rules.hpp says.
//
// Lives on the reactor, and never waits for the disk: the store is handed each entry and brings it there when it can.
#pragma once

#include "core/task.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace berth {

enum class happening {
    created,
    adopted,
    online,
    crashed,
    stopped,
    restarted,
    slept,
    woke,
    page_broken,
    page_mended,
    edited,
    deleted,
    server_started,
    pm2_lost,
    pm2_back
};

struct activity_entry {
    std::uint64_t id = 0;            // counts up, and is never given twice
    std::int64_t at = 0;             // ms since 1970
    std::optional<std::string> app;  // its id; none: it happened to Berth itself
    std::optional<std::string> name; // the app's, at that time
    happening kind = happening::server_started;
    std::string text; // one sentence
    bool operator==(const activity_entry&) const = default;
};

std::string_view to_string(happening) noexcept;
std::optional<happening> parse_happening(std::string_view) noexcept;
nlohmann::ordered_json to_json(const activity_entry&);

/// What a store keeps; a file may hold more for a while.
inline constexpr std::size_t most_activity = 2'000;
/// Bytes of an entry's text: a longer one is cut.
inline constexpr std::size_t longest_activity = 1'000;
/// Of an id: what every client reads exactly.
inline constexpr std::uint64_t last_activity_id = (std::uint64_t{1} << 53) - 1;

class activity_store {
public:
    virtual ~activity_store() = default;

    /// At start: the last most_activity entries, in the order of their ids; what cannot be read is left out.
    virtual task<std::vector<activity_entry>> load() = 0;
    /// Returns at once. What the disk does not take now is tried again with later ones; of more than most_activity that
    /// wait, the oldest are dropped.
    virtual void append(const activity_entry&) = 0;
    /// Returns when all is on its way to the disk, or the disk has refused it.
    virtual task<> close() = 0;
};

struct activity_query {
    std::optional<std::string> app;
    std::optional<std::uint64_t> before; // only smaller ids
    std::size_t limit = 100;
};

struct activity_page {
    std::vector<activity_entry> entries; // newest first
    std::optional<std::uint64_t> before; // what to ask for next; none: there is nothing older
};

class activity_log {
public:
    /// Of an earlier server, in the order of their ids.
    void load(std::vector<activity_entry>);
    /// Gives it its id, which is its time, or the next after the last one: so none is given twice even where the disk
    /// has lost what was told to clients, or the clock is set back. The text is cut at longest_activity.
    const activity_entry& add(activity_entry);
    activity_page page(const activity_query&) const;
    /// The last entry of one of these kinds about this app; null: there is none.
    const activity_entry* last(const std::string& app, std::initializer_list<happening>) const;
    std::size_t size() const { return entries_.size(); }

private:
    std::deque<activity_entry> entries_;
};

} // namespace berth
