// What an app may be called, and what it is called when nobody says: pure rules.
#pragma once

#include "core/task.hpp"

#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace berth {

/// 10 characters of [a-z0-9] from the OS's random source.
std::string new_id();

/// True for exactly what new_id() makes. Anything else never reaches a path.
bool is_id(std::string_view) noexcept;

/// A name or category as given: trimmed; 1 to 64 printable characters (code points) of valid UTF-8, or
/// errc::invalid_request whose detail starts with `field`.
result<std::string> check_name(std::string_view given, std::string_view field);

/// Notes as given: 1 to 2,000 characters (code points) of valid UTF-8 with no controls but line ends and tabs; none
/// when nothing but blanks was given. Else errc::invalid_request whose detail starts with `field`.
result<std::optional<std::string>> check_notes(std::string_view given, std::string_view field);

/// How names are compared: Unicode's full case folding, in NFC, so that "Über" is "über" and so is "u\u0308ber".
std::string name_key(std::string_view);
/// How they were compared once: case folded for ASCII alone.
std::string ascii_key(std::string_view);

/// adjective-noun, not among `taken` (keys as name_key makes them).
std::string generate_name(const std::set<std::string>& taken);

/// True when the bytes are valid UTF-8 (RFC 3629).
bool is_utf8(std::string_view) noexcept;

/// Invalid bytes become U+FFFD, one for each maximal invalid piece (Unicode 3.9, "substitution of maximal subparts").
std::string to_utf8(std::string_view);

/// As valid UTF-8, and without what no name may hold: controls, and marks that hide or turn text. For the words of
/// others inside a sentence of ours.
std::string printable_text(std::string_view);

/// What somebody sent, quoted: valid UTF-8, what printable_text() leaves out as U+FFFD, at most `limit` bytes of it and
/// then an ellipsis.
std::string printable(std::string_view, std::size_t limit = 80);
/// The same between double quotes.
std::string in_quotes(std::string_view);

} // namespace berth
