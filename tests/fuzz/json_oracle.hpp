// What net's strict reading of JSON must agree with: the same rules, said again in another way, over nlohmann's events.
#pragma once

#include "fuzz.hpp"

#include "net/http/strict_json.hpp"

#include <nlohmann/json.hpp>

#include <set>
#include <string>
#include <vector>

namespace berth::fuzz {

class json_rules final : public nlohmann::json_sax<nlohmann::json> {
public:
    bool ok = true;             // no key twice, not too deep
    bool object = false;        // the document is an object
    std::set<std::string> keys; // of the document itself

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override {
        object = object || open_.empty();
        return enter();
    }
    bool end_object() override { return leave(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_array() override { return leave(); }
    bool key(string_t& k) override {
        ok = open_.back().insert(k).second && ok;
        if (open_.size() == 1)
            keys.insert(k);
        return true;
    }
    bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override { return false; }

private:
    bool enter() {
        open_.emplace_back();
        ok = ok && open_.size() <= static_cast<std::size_t>(net::max_depth);
        return true;
    }
    bool leave() {
        open_.pop_back();
        return true;
    }
    std::vector<std::set<std::string>> open_;
};

/// parse_object() takes exactly what is JSON, an object, without a key twice or too much depth, and without a field
/// that is not known. True when it is taken.
inline bool check_strict(std::string_view text, std::initializer_list<std::string_view> known) {
    json_rules rules;
    bool valid = nlohmann::json::sax_parse(text, &rules);
    bool all_known = true;
    for (auto& key : rules.keys)
        all_known = all_known && std::find(known.begin(), known.end(), key) != known.end();
    bool wanted = valid && rules.ok && rules.object && all_known;

    auto parsed = net::parse_object(text, known);
    require(parsed.has_value() == wanted, "strict JSON is exactly that", parsed ? "taken" : parsed.error().detail);
    if (parsed)
        require(*parsed == nlohmann::json::parse(text), "nothing is lost in reading");
    else
        require_words(parsed.error());
    return wanted;
}

} // namespace berth::fuzz
