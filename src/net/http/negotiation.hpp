// Which form of a file a client takes, and whether it has it already: RFC 9110, sections 12.5.3 and 13.1.2. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace berth::net {

enum class encoding : std::uint8_t { identity, gzip, brotli };

/// What Accept-Encoding takes; br before gzip where the client likes them equally. No header: identity only (the RFC
/// allows anything then, but such a client is a plain tool).
encoding choose_encoding(std::string_view accept_encoding, bool has_brotli, bool has_gzip);

/// Whether If-None-Match names this entity tag (weak comparison, as the RFC wants it), or is "*".
bool matches_etag(std::string_view if_none_match, std::string_view etag);

} // namespace berth::net
