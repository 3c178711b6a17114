// The two words every layer speaks: a task (a coroutine on the reactor) and a result (a value, or why there is none).
//
// Expected failures are values; exceptions are for bugs and for a start that cannot go on.
#pragma once

#include "core/error.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/result.hpp>

#include <exception>

namespace berth {

namespace asio = boost::asio;

template <class T = void>
using task = asio::awaitable<T>;

template <class T = void>
using result = boost::system::result<T, error>;

// Completion token that turns an error_code into a value: auto [ec, n] = co_await s.async_read_some(b, as_result);
inline constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// For co_spawn, of a task that returns nothing: what it throws is a bug, and goes on to whoever runs the reactor.
inline constexpr auto rethrow = [](std::exception_ptr e) {
    if (e)
        std::rethrow_exception(e);
};

} // namespace berth
