#include "cli/prompt.hpp"

#include "core/names.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <fcntl.h>

namespace berth::cli {

bool means_yes(std::string_view answer) {
    constexpr std::string_view space = " \t\r\n";
    auto first = answer.find_first_not_of(space);
    if (first == answer.npos)
        return false;
    auto word = name_key(answer.substr(first, answer.find_last_not_of(space) + 1 - first));
    return word == "y" || word == "yes";
}

task<std::string> ask_on_terminal(asio::any_io_executor executor, std::string question) {
    int tty = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (tty < 0)
        co_return std::string();
    asio::posix::stream_descriptor terminal(executor, tty);
    auto asked = asio::buffer(question);
    co_await asio::async_write(terminal, asked, as_result);
    std::string answer;
    auto typed = asio::dynamic_buffer(answer, 4096);
    auto [ended, length] = co_await asio::async_read_until(terminal, typed, '\n', as_result);
    if (ended || length == 0)
        co_return std::string();
    answer.resize(length - 1);
    co_return answer;
}

} // namespace berth::cli
