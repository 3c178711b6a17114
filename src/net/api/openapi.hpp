// The API's own description, src/net/api/openapi.json, as it was when Berth was built.
#pragma once

#include <string_view>

namespace berth::net {

std::string_view openapi_json();

} // namespace berth::net
