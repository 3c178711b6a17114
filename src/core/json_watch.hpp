// Watches nlohmann's parser: it keeps the last of two equal keys without a word, and nests without a bound (copying,
// comparing and printing such a value recurse, and would run out of stack). Pure.
#pragma once

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace berth {

/// The callback of one json::parse(). Hand it over by std::ref, or within a lambda: the parser copies what it is given.
class json_watch {
public:
    /// max_depth: of objects and arrays within each other; 1 is a document without any inside.
    explicit json_watch(int max_depth) : max_depth_(max_depth) {}

    bool operator()(int depth, nlohmann::json::parse_event_t, const nlohmann::json& parsed);

    /// What the parsed document must be refused for, a sentence that begins with the key if there is one; empty:
    /// nothing.
    const std::string& wrong() const { return wrong_; }

private:
    int max_depth_;
    std::vector<std::set<std::string>> keys_; // of the objects that are open
    std::string wrong_;
};

} // namespace berth
