#include "cli/failure.hpp"

#include <stdexcept>

namespace berth::cli {

void throw_exception_from_error(const failure& why, const boost::source_location& where) {
    throw std::logic_error("the value of a failure was asked for at " + where.to_string() + ": " + why.text);
}

} // namespace berth::cli
