#include "cli/failure.hpp"

#include "core/app_json.hpp"

#include <nlohmann/json.hpp>

#include <stdexcept>

namespace berth::cli {

std::string problem_document(const failure& why) {
    if (!why.problem.empty())
        return why.problem;
    auto [code, title] = why.code == exit_code::usage       ? std::pair{"usage", "The command was not understood"}
                         : why.code == exit_code::no_server ? std::pair{"no_server", "No Berth server"}
                                                            : std::pair{"failed", "It did not succeed"};
    auto detail = why.quoted.empty() ? why.text : why.text + "\n" + why.quoted;
    return dump({{"type", "about:blank"}, {"title", title}, {"detail", detail}, {"code", code}});
}

void throw_exception_from_error(const failure& why, const boost::source_location& where) {
    throw std::logic_error("the value of a failure was asked for at " + where.to_string() + ": " + why.text);
}

} // namespace berth::cli
