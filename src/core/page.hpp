// Whether an app's pages work, by its dev server's own word: spec section 14. The model, and how it follows from what
// was answered. Pure.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace berth {

/// An error that a page shows. Text of the app's own, made plain: no escape codes, no control characters.
struct page_issue {
    std::optional<std::string> file;  // relative to the app's folder where it lies in it, else absolute
    std::optional<int> line, column;  // from 1
    std::string title;                // one line
    std::optional<std::string> frame; // the source around it, several lines
    bool operator==(const page_issue&) const = default;

    /// "src/app/page.tsx:70"; empty where no file is known.
    std::string place() const;
};

struct page {
    enum class condition { unchecked, working, broken };
    condition state = condition::unchecked;
    int errors = 0; // of a broken one
    std::optional<page_issue> first;
    /// Ms since 1970, of the last answer; while the same is answered again and again, to half a minute.
    std::optional<std::int64_t> checked_at;
    std::optional<std::string> reason; // why it is unchecked
    bool operator==(const page&) const = default;
};

/// Of an app that has just come online.
page page_that_nobody_opened();

/// What a dev server said to one question.
struct page_answer {
    enum class outcome {
        told,
        tells_nothing, // it has no such report, or no tab is open that could tell
        no_endpoint,   // it is not Next 16 or later
        failed,        // no answer, or garbage
    };
    outcome what = outcome::failed;
    int errors = 0;
    std::optional<page_issue> first;
    std::string why; // of a failure: one sentence
    bool operator==(const page_answer&) const = default;
};

/// Whether it is worth asking what open tabs report, after what compiling said.
bool asks_tabs(const page_answer& compiled);

/// None: it cannot be told. `tabs`: what open tabs report, where they were asked.
std::optional<page> page_of(const page_answer& compiled, const std::optional<page_answer>& tabs, std::int64_t now);

std::string_view to_string(page::condition) noexcept;
nlohmann::ordered_json to_json(const std::optional<page>&);

} // namespace berth
