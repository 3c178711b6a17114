// Which offers of permessage-deflate can be taken: RFC 7692, section 7.1. Pure.
#pragma once

#include <string>
#include <string_view>

namespace berth::net {

/// A Sec-WebSocket-Extensions without the offers that ask for a server's window of 2^8 bytes: zlib cannot keep to that
/// (it takes 9 for 8), and who cannot keep to an offer must decline it (7.1.2.1). The rest of what is wrong with an offer
/// is Beast's to decline.
std::string without_smallest_window(std::string_view extensions);

} // namespace berth::net
