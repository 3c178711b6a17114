// What is known of one request while it is passed on. Of relay.cpp and exchange.cpp.
#pragma once

#include "net/proxy/forwarding.hpp"
#include "net/proxy/relay.hpp"

namespace berth::net {

struct relay::exchange {
    forwarded_request sent_as;
    purpose sent_with = purpose::meant;
    bool to_head = false;
    bool http10 = false;
    bool repeatable = false;
    bool may_go_on = false;

    bool silent = false;   // no byte of an answer came
    bool heard = false;    // something came before it
    bool answered = false; // the client has the head of the answer
    bool over = false;     // nothing more is sent to the client
    bool cut_off = false;  // and nothing more to the app
    std::optional<read_end> body_failure;
    std::string_view trouble; // with the app, as the end of a sentence
    outcome result;
};

} // namespace berth::net
