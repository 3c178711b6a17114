// Asking an app's dev server whether its pages work. Implemented by src/next; tests use a fake.
#pragma once

#include "core/page.hpp"
#include "core/task.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>

namespace berth {

enum class page_question {
    compile, // the errors of compiling every page, which builds what was not built yet
    tabs,    // the errors that open tabs report
};

/// The app to ask.
struct page_target {
    std::uint16_t port = 0;
    std::filesystem::path directory; // absolute
};

class page_checker {
public:
    virtual ~page_checker() = default;

    static constexpr auto deadline = std::chrono::seconds(10);

    /// Never fails otherwise than by its answer; within the deadline.
    virtual task<page_answer> ask(page_target, page_question) = 0;

    /// Whether this output of a dev server, whole lines of one run from its start on or from later, tells that a page
    /// was asked for. Pure.
    virtual bool shows_request(std::string_view output) const = 0;

    /// Cuts short every question under way; each later one fails at once.
    virtual void close() = 0;
};

} // namespace berth
