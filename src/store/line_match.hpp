// Which lines of a log are wanted: those that hold a text, or those that a regular expression matches. Pure.
#pragma once

#include "core/task.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace berth {

class line_match {
public:
    /// `regex`: grep is a pattern of RE2, which takes time in proportion to the line whatever the pattern is. An empty
    /// text is in every line. errc::invalid_request says what is wrong with a pattern.
    static result<line_match> make(std::string grep, bool regex);

    bool operator()(std::string_view line) const;

private:
    std::string text_;
    std::shared_ptr<const re2::RE2> pattern_; // none: the text itself
};

} // namespace berth
