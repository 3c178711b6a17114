#include "net/api/openapi.hpp"

namespace berth::net {

extern const char openapi_text[]; // made by embedded.cmake

std::string_view openapi_json() { return openapi_text; }

} // namespace berth::net
