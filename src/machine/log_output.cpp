#include "machine/log_output.hpp"

#include <spdlog/sinks/base_sink.h>

#include <array>
#include <mutex>
#include <string>

namespace berth {
namespace {

constexpr std::string_view plain = "\x1b[m";

std::string_view colour(spdlog::level::level_enum level) {
    constexpr std::array<std::string_view, spdlog::level::n_levels> each{
        "\x1b[37m", "\x1b[36m", "\x1b[32m", "\x1b[33m\x1b[1m", "\x1b[31m\x1b[1m", "\x1b[1m\x1b[41m", "",
    };
    return each[static_cast<std::size_t>(level)];
}

/// The writer is as good as a mutex, but the formatter is not: the log is written from the pool's threads too.
class writer_sink final : public spdlog::sinks::base_sink<std::mutex> {
public:
    writer_sink(std::shared_ptr<background_writer> writer, bool colours)
        : writer_(std::move(writer)), colours_(colours) {}

private:
    void sink_it_(const spdlog::details::log_msg& message) override {
        spdlog::memory_buf_t formatted;
        formatter_->format(message, formatted);
        std::string line(formatted.data(), formatted.size());
        if (colours_ && message.color_range_end > message.color_range_start) {
            line.insert(message.color_range_end, plain);
            line.insert(message.color_range_start, colour(message.level));
        }
        writer_->write(line);
    }
    void flush_() override { writer_->flush(); }

    std::shared_ptr<background_writer> writer_;
    bool colours_;
};

} // namespace

std::shared_ptr<spdlog::logger> create_logger(std::shared_ptr<background_writer> writer, bool colours) {
    return std::make_shared<spdlog::logger>("berth", std::make_shared<writer_sink>(std::move(writer), colours));
}

} // namespace berth
