// The head of a request that came on the port of an app that sleeps: read to be judged, and kept as it came. Pure: the
// connection brings the bytes.
#pragma once

#include "net/http/message_parser.hpp"
#include "net/proxy/pages.hpp"
#include "net/sleep/purpose.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace berth::net {

struct held_verdict {
    read_end read = read_end::complete; // anything else: it is no request that is taken, and the rest says nothing
    net::purpose purpose = net::purpose::meant;
    asker who;
    bool to_head = false; // it asks for the head alone
    bool http10 = false;
};

class held_request {
public:
    static constexpr std::size_t head_limit = 8 * 1024; // bytes

    explicit held_request(std::size_t limit = head_limit) : limit_(limit) {}

    /// More of what came. The verdict, from the end of the head on; once it is there, it stays.
    const std::optional<held_verdict>& take(std::string_view);

    bool judged() const { return verdict_.has_value(); }
    /// Something came that may be a request: more than an empty line.
    bool started() const { return verdict_ || (parser_ && parser_->started()); }
    /// All that came, the bytes behind the head too.
    const std::string& bytes() const { return bytes_; }
    std::string take_bytes() { return std::exchange(bytes_, {}); }

private:
    void judge(read_end);

    std::size_t limit_;
    std::unique_ptr<request_parser> parser_; // from the first byte to the verdict
    std::string bytes_;
    std::optional<held_verdict> verdict_;
};

} // namespace berth::net
