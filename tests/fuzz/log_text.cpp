// A log file that an app writes, truncates and replaces, and a client that follows it: the text is always UTF-8, the
// offsets add up, every byte comes once and in order, and no character is split.
#include "fuzz.hpp"

#include "net/http/text.hpp"
#include "net/live/follower.hpp"
#include "store/log_tail.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

using namespace berth;
using namespace berth::net;
using namespace berth::fuzz;

namespace {

class scene {
public:
    scene(std::optional<std::uint64_t> from, std::uint64_t tail) : follower_(from, tail), next_(from), seen_from_(0) {}

    void append(const std::string& bytes) { text_ += bytes; }
    void truncate(std::size_t size) {
        text_.resize(std::min(size, text_.size()));
        ++cuts_;
    }
    void replace(std::string bytes) {
        text_ = std::move(bytes);
        ++file_;
        ++cuts_;
    }
    void wait(std::chrono::milliseconds d) {
        now_ += d;
        waited_ += d;
    }

    /// The file as a look finds it.
    log_piece look() const { return {.file = file_, .size = text_.size(), .from = 0, .bytes = {}}; }

    /// One read, of at most `most` bytes, as log_watch does it.
    void read(std::size_t most) {
        auto range = follower_.next();
        auto piece = look();
        piece.from = range.from;
        if (range.from < text_.size())
            piece.bytes = text_.substr(range.from, std::min(range.max, most));
        for (auto& o : follower_.take(piece, now_))
            take(o);
    }

    /// Until nothing is left to read; an unfinished character at the end is waited for.
    void read_out() {
        for (int i = 0; i < 10'000; ++i) {
            if (!follower_.behind(look(), now_)) {
                wait(follower::patience);
                if (!follower_.behind(look(), now_))
                    return;
            }
            read(follower::piece);
        }
        require(false, "a follower comes to an end");
    }

    void check_end() const {
        require(next_ == text_.size(), "everything was sent");
        // A character that was waited for in vain is sent as it is, and its late rest too.
        if (!reset_ && cuts_ == 0 && seen_ && waited_ <= follower::patience)
            require(sent_ == to_utf8(std::string_view(text_).substr(seen_from_)), "the text is the file's", sent_);
    }

private:
    void take(const follower::output& o) {
        if (o.reset) {
            reset_ = true;
            next_ = 0;
            return;
        }
        require(is_utf8(o.text), "text is UTF-8", o.text);
        std::string quoted;
        append_json_string(quoted, o.text);
        require(quoted == nlohmann::json(o.text).dump(), "text is a JSON string", quoted);
        require(o.from <= o.to, "offsets go forward");
        require(!next_ || o.from == *next_, "no gap, no double");
        if (cuts_ == 0) {
            require(o.to <= text_.size(), "nothing is made up");
            require(o.text == to_utf8(std::string_view(text_).substr(o.from, o.to - o.from)), "text is of its offsets");
        }
        if (!seen_)
            seen_from_ = o.from;
        seen_ = true;
        next_ = o.to;
        sent_ += o.text;
    }

    follower follower_;
    std::string text_;
    std::uint64_t file_ = 1;
    follower::clock::time_point now_{std::chrono::hours(1)};

    std::optional<std::uint64_t> next_; // where the next output must begin; none: not told yet
    std::string sent_;
    std::uint64_t seen_from_;
    bool seen_ = false;
    bool reset_ = false;
    std::chrono::milliseconds waited_{};
    int cuts_ = 0; // how often the file was not only appended to
};

void check_tail(std::string_view text, std::size_t lines) {
    auto begin = last_lines(text, lines);
    require(begin <= text.size(), "a tail is within the text");
    auto tail = text.substr(begin);
    auto count = std::count(tail.begin(), tail.end(), '\n') + (!tail.empty() && !tail.ends_with('\n'));
    require(static_cast<std::size_t>(count) <= lines, "a tail is no longer than it was asked for");
    require(begin == 0 || text[begin - 1] == '\n' || lines == 0, "a tail begins with a line");
    auto all = std::count(text.begin(), text.end(), '\n') + (!text.empty() && !text.ends_with('\n'));
    require(static_cast<std::size_t>(count) == std::min<std::size_t>(lines, all), "a tail is no shorter either");

    auto valid = to_utf8(text);
    for (std::size_t cut = 0; cut < std::min<std::size_t>(valid.size(), 5); ++cut) {
        auto mended = valid.substr(cut);
        mend_front(mended);
        require(valid.ends_with(mended), "mending only takes away in front", mended);
        require(is_utf8(mended), "mending leaves no half of a character", mended);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    FuzzedDataProvider in(data, size);
    std::optional<std::uint64_t> from;
    if (in.ConsumeBool())
        from = in.ConsumeIntegralInRange<std::uint64_t>(0, 40);
    scene s(from, in.ConsumeIntegralInRange<std::uint64_t>(0, 40));
    std::string all;
    while (in.remaining_bytes() > 0) {
        switch (in.ConsumeIntegralInRange(0, 7)) {
        case 0:
        case 1:
        case 2: {
            auto bytes = in.ConsumeRandomLengthString(16);
            all += bytes;
            s.append(bytes);
            break;
        }
        case 3:
        case 4:
            s.read(follower::piece);
            break;
        case 5:
            s.read(in.ConsumeIntegralInRange<std::size_t>(0, 8));
            break;
        case 6:
            s.wait(std::chrono::milliseconds(in.ConsumeIntegralInRange(0, 1200)));
            break;
        case 7:
            if (in.ConsumeBool())
                s.truncate(in.ConsumeIntegralInRange<std::size_t>(0, 8));
            else
                s.replace(in.ConsumeRandomLengthString(8));
            break;
        }
    }
    s.read_out();
    s.check_end();
    check_tail(all, all.size() % 5);
    return 0;
}
