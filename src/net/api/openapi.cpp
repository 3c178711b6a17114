#include "net/api/openapi.hpp"

namespace berth::net {

extern const char openapi_text[]; // made by openapi.cmake

std::string_view openapi_json() { return openapi_text; }

} // namespace berth::net
