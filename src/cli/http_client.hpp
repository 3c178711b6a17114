// Requests to the server, one connection each: a command makes few, and a kept connection would have to be watched.
// Lives on the command's reactor. What the server says is passed on as it is; only the failures are put into words
// here.
#pragma once

#include "cli/address.hpp"
#include "cli/failure.hpp"
#include "core/task.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace berth::cli {

struct http_request {
    std::string method;
    std::string target;
    std::string body;                                         // JSON, or empty
    std::chrono::seconds deadline = std::chrono::seconds(30); // from now to the last byte of the answer
};

struct http_reply {
    int status = 0;
    std::string body;
};

class http_client {
public:
    virtual ~http_client() = default;

    /// The answer, whatever its status. Fails with exit_code::no_server when nobody listens, when what answers does not
    /// speak HTTP, and when the connection ends before the answer does; with exit_code::failed when the deadline
    /// passes.
    virtual task<outcome<http_reply>> send(http_request) = 0;
};

std::unique_ptr<http_client> create_http_client(asio::any_io_executor, server_address);

/// "no berth server at …; start one with: berth up".
failure no_server(const server_address&);

/// "http://… answers, but it is not Berth; …".
failure not_berth(const server_address&);

/// Pure: the body of a 2xx answer, else the problem it tells. Invalid requests are usage errors, the rest failures.
outcome<std::string> body_or_problem(const http_reply&, const server_address&);

} // namespace berth::cli
