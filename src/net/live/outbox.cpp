#include "net/live/outbox.hpp"

namespace berth::net {

void outbox::add(message m) {
    if (bytes_ + m.text->size() > bound_) {
        waiting_.clear();
        waiting_.shrink_to_fit();
        bytes_ = 0;
        snapshot_due_ = true;
        return;
    }
    bytes_ += m.text->size();
    waiting_.push_back(std::move(m));
}

void outbox::add_state(shared_text text, std::uint64_t revision) {
    if (!snapshot_due_ && revision > revision_)
        add({std::move(text), true});
}

void outbox::add_news(shared_text text) { add({std::move(text), false}); }

void outbox::renew() {
    std::erase_if(waiting_, [this](const message& m) {
        if (m.state)
            bytes_ -= m.text->size();
        return m.state;
    });
    snapshot_due_ = true;
}

void outbox::snapshot_sent(std::uint64_t revision) {
    snapshot_due_ = false;
    revision_ = revision;
}

shared_text outbox::take() {
    if (snapshot_due_ || waiting_.empty())
        return nullptr;
    auto text = std::move(waiting_.front().text);
    waiting_.pop_front();
    bytes_ -= text->size();
    return text;
}

} // namespace berth::net
