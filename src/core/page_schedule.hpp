// When is an app asked whether its pages work? A pure rule, driven with times; spec section 14.
//
// An app is asked only after somebody opened a page of it since its start, or when a person asks: a question makes a
// dev server compile. From then on: when it wrote to its log and that has settled, and again and again while a
// connection to it is open, which tells of what no log says (an error in a tab). At most one question at a time for an
// app and four in all; who asks in person comes first. One that does not answer is asked less and less often, so that
// it does not take the turns of the others. An answer of a run that has ended is void.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace berth {

class page_schedule {
public:
    using clock = std::chrono::steady_clock;
    using time = clock::time_point;

    static constexpr std::size_t at_once = 4;
    static constexpr auto settled = std::chrono::milliseconds(300); // nothing more written
    static constexpr auto longest_unsettled = std::chrono::seconds(2);
    static constexpr auto pause = std::chrono::seconds(1); // from an answer to a question that nobody asked in person
    static constexpr auto while_open = std::chrono::seconds(2);
    /// While a connection is open and nothing has happened for `lively`: an answer costs a dev server some 7 ms, 19 on
    /// a slow machine, and twenty idle tabs may take 1 % of a core in all (they took up to 1.5 % when each was asked
    /// every 30 s).
    static constexpr auto while_idle = std::chrono::seconds(60);
    static constexpr auto lively = std::chrono::seconds(60);
    static constexpr auto longest_pause = std::chrono::seconds(60); // after failures

    enum class end { answered, no_endpoint, failed };

    struct question {
        std::string id;
        std::int64_t run = 0;
    };

    /// It is online, in the run that began then. Another run begins anew; the same changes nothing.
    void online(const std::string& id, std::int64_t run);
    void gone(const std::string& id);

    /// Somebody has opened a page of it.
    void opened(const std::string& id, time now);
    bool is_opened(const std::string& id) const;
    void wrote(const std::string& id, time now);
    void connected(const std::string& id, int connections, time now);

    /// A person asks. Returns the number of the question that will be their answer; see is_over().
    std::uint64_t want(const std::string& id);
    /// That question is answered, or never will be, as the run has ended.
    bool is_over(const std::string& id, std::int64_t run, std::uint64_t number) const;

    /// A question that is to be asked now, which then is under way until ended().
    std::optional<question> next(time now);
    /// False: the answer is void.
    bool ended(const question&, end how, time now);
    /// When next() may have one, if nothing else happens.
    std::optional<time> wake() const;

private:
    struct state {
        std::int64_t run = 0;
        bool is_opened = false;
        bool is_mute = false; // it has no such endpoint
        int connections = 0;
        std::uint64_t begun = 0, wanted = 0, done = 0; // numbers of questions
        std::optional<time> first_write, last_write;   // since the last question began
        std::optional<time> answered;
        time lively{};
        int failures = 0; // in a row
    };
    std::optional<time> due(const state&) const;

    std::map<std::string, state> apps_;
    std::map<std::string, std::int64_t> under_way_; // run, by id
};

} // namespace berth
