// What is answered on an app's host when the app does not: to a person a small page, to a program a problem document.
// Pure. Neither has a script; what others wrote is text in them.
#pragma once

#include "core/readiness.hpp"
#include "core/view.hpp"
#include "net/http/reply.hpp"
#include "net/http/request_head.hpp"
#include "net/sleep/purpose.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace berth::net {

/// Who asks, as far as the words go.
struct asker {
    bool is_person = false; // a browser that opens a page
    bool is_page = false;   // something that a page of the browser fetches
    bool reloads = false;   // it may be told to ask again by itself
};
asker who_asks(std::string_view method, const request_head&);

/// `http://<slug>.localhost:<port>`, as browsers write it.
std::string named_address(std::string_view slug, std::uint16_t port);

/// 404, with the names that there are; pages get no list, as they are the apps' and not the user's.
reply unknown_name(const asker&, std::string_view label, const apps_view&, std::uint16_t port);

/// 308, which keeps method and body, to where the app is now. Not kept by browsers: the name may be another's tomorrow.
reply moved(std::string_view slug, std::uint16_t port, std::string_view target);

/// 503 with the reason. A page reloads by itself, soon where the app is coming; never one of an app that sleeps, as
/// that would wake it again and again.
reply not_online(const asker&, const app&, const readiness&, std::uint16_t port);

/// It sleeps, and what was sent does not wake it: 403 where a page of another site sent it, else 503.
reply not_woken(const asker&, const app&, purpose, std::uint16_t port);

/// 503: Berth has as many connections to apps as it allows.
reply too_many_upstreams();

/// 502: it is online, and gave no answer, or none that is HTTP.
reply no_answer(const asker&, const app&, std::string_view what, std::uint16_t port);

} // namespace berth::net
