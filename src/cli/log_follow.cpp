#include "cli/log_follow.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace berth::cli {
namespace {

using json = nlohmann::ordered_json;

constexpr std::uint64_t max_tail = 1024 * 1024; // bytes, the API's own bound

} // namespace

log_follow::log_follow(options wanted) : options_(std::move(wanted)) {
    out_.wanted = options_.out;
    error_.wanted = options_.error;
    if (options_.from) {
        phase_ = phase::live;
        out_.at = options_.from->out;
        error_.at = options_.from->error;
        out_.caught_up = error_.caught_up = true;
    }
}

std::string log_follow::on_connected() {
    if (phase_ == phase::live)
        return resume();
    // Nothing was shown yet: begin anew.
    phase_ = phase::measuring;
    for (auto* s : {&out_, &error_}) {
        s->end.reset();
        s->caught_up = false;
        s->kept.clear();
    }
    return measure();
}

std::string log_follow::measure() const {
    return json{{"type", "follow"}, {"id", options_.id}, {"tailBytes", 0}}.dump();
}

std::string log_follow::resume() const {
    json from{{"stdout", out_.at}, {"stderr", error_.at}};
    return json{{"type", "follow"}, {"id", options_.id}, {"from", from}}.dump();
}

log_follow::step log_follow::on_message(std::string_view text) {
    step todo;
    auto message = json::parse(text, nullptr, false);
    if (!message.is_object())
        return todo;
    auto type = message.value("type", "");
    if (type == "error") {
        todo.app_gone = message.value("code", "") == "app_not_found";
        return todo;
    }
    if (message.value("id", "") != options_.id)
        return todo;
    auto side = message.value("stream", "") == "stderr" ? log_side::error : log_side::out;
    if (type == "removed") {
        todo.app_gone = true;
    } else if (type == "log") {
        on_log(side, message.value("from", std::uint64_t{0}), message.value("to", std::uint64_t{0}),
               message.value("text", ""), text, todo);
    } else if (type == "log-reset") {
        auto& s = of(side);
        if (phase_ == phase::catching_up && !s.caught_up) // what was kept back belongs to the file before
            release(s, todo);
        s.end = 0;
        s.at = 0;
        s.caught_up = phase_ != phase::measuring;
    }
    if (todo.app_gone)
        for (auto* s : {&out_, &error_})
            release(*s, todo);
    return todo;
}

void log_follow::on_log(log_side side, std::uint64_t from, std::uint64_t to, std::string text, std::string_view message,
                        step& todo) {
    auto& s = of(side);
    if (phase_ == phase::measuring) {
        s.end = std::max(s.end.value_or(0), to);
        if (out_.end && error_.end)
            measured(todo);
        return;
    }
    // A message of an earlier follow may still arrive: what lies further on comes again, what lies before was had.
    if ((phase_ == phase::catching_up && !s.caught_up && from > s.at) || (to <= s.at && from < s.at))
        return;
    if (from < s.at && text.size() == to - from)
        text.erase(0, static_cast<std::size_t>(s.at - from));
    s.at = to;
    if (s.wanted && !text.empty())
        s.kept.push_back({side, std::move(text), std::string(message), false});
    if (s.caught_up || s.at >= *s.end)
        release(s, todo);
    if (out_.caught_up && error_.caught_up)
        phase_ = phase::live;
}

void log_follow::measured(step& todo) {
    for (auto* s : {&out_, &error_}) {
        auto tail = options_.lines == 0 || !s->wanted ? 0 : std::min(*s->end, max_tail);
        s->at = *s->end - tail;
        s->cut_first_line = s->at > 0 && tail > 0;
        s->caught_up = tail == 0;
    }
    bool all = out_.caught_up && error_.caught_up;
    phase_ = all ? phase::live : phase::catching_up;
    if (!all)
        todo.send = resume();
}

void log_follow::release(stream& s, step& todo) {
    if (!s.caught_up) {
        s.caught_up = true;
        std::string all;
        for (auto& piece : s.kept)
            all += piece.text;
        auto start = tail_start(all, options_.lines);
        auto first_end = all.find('\n');
        if (start == 0 && s.cut_first_line && first_end != all.npos)
            start = first_end + 1;
        while (!s.kept.empty() && start >= s.kept.front().text.size()) {
            start -= s.kept.front().text.size();
            s.kept.erase(s.kept.begin());
        }
        if (!s.kept.empty())
            s.kept.front().text.erase(0, start);
        for (auto& piece : s.kept)
            piece.old = true;
    }
    std::move(s.kept.begin(), s.kept.end(), std::back_inserter(todo.texts));
    s.kept.clear();
}

std::size_t tail_start(std::string_view text, std::size_t lines) {
    if (lines == 0)
        return text.size();
    auto at = text.size();
    if (text.ends_with('\n'))
        --at;
    for (; at > 0; --at)
        if (text[at - 1] == '\n' && --lines == 0)
            return at;
    return 0;
}

std::chrono::milliseconds backoff::next() {
    auto now = next_;
    next_ = std::min(next_ * 2, last);
    return now;
}

} // namespace berth::cli
