// Whether what was sent to an app that sleeps was sent on purpose, and so wakes it: spec section 15. Pure.
#pragma once

#include "net/http/request_head.hpp"

namespace berth::net {

enum class purpose {
    meant,     // by a person or a program: it wakes
    foreign,   // by a page of another site; a link that leads here is the person's who follows it, a frame is not
    automatic, // by a page that was left open and connects again by itself, or a browser that fetches ahead
};

purpose purpose_of(const boost::beast::http::request_header<>&, const request_head&);

} // namespace berth::net
