#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sluice {

/// Why a STUN datagram changed nothing. Some of them are answered with an error response nevertheless.
enum class IceDrop : std::uint8_t {
  malformed,            ///< not a well-formed STUN message
  wrong_fingerprint,    ///< FINGERPRINT is missing or does not match
  not_binding,          ///< a method that ICE does not use: discarded, RFC 8489 section 6.3
  indication,           ///< a keep-alive: nothing to do, and it proves nothing, RFC 8445 section 11
  unexpected_response,  ///< a lite agent asks nothing, so nobody has to answer it
  no_credentials,       ///< USERNAME or MESSAGE-INTEGRITY is missing: 400
  wrong_username,       ///< USERNAME is not ours: 401
  wrong_integrity,      ///< MESSAGE-INTEGRITY does not match: 401
  unknown_attribute,    ///< comprehension-required and not known: 420
  role_conflict,        ///< the peer claims to be controlled too: 487
  failed                ///< the transport has failed for good, or until restart()
};
inline constexpr std::size_t kIceDropCount = 11;

[[nodiscard]] constexpr std::string_view to_string(IceDrop reason) noexcept {
  constexpr std::array<std::string_view, kIceDropCount> kNames{
      "malformed",           "wrong_fingerprint", "not_binding",    "indication",
      "unexpected_response", "no_credentials",    "wrong_username", "wrong_integrity",
      "unknown_attribute",   "role_conflict",     "failed"};
  return kNames[static_cast<std::size_t>(reason)];
}

/// What one transport's ICE has seen. Totals; they never fall.
struct IceCounters {
  std::uint64_t checks_accepted = 0;
  std::uint64_t errors_sent = 0;
  /// Error responses held back because they would have been larger than the unauthenticated request.
  std::uint64_t errors_withheld = 0;
  std::uint64_t selections = 0;
  std::uint64_t tuples_evicted = 0;
  std::uint64_t tuples_expired = 0;
  std::uint64_t restarts = 0;
  std::array<std::uint64_t, kIceDropCount> drops{};

  [[nodiscard]] std::uint64_t dropped(IceDrop reason) const noexcept { return drops[static_cast<std::size_t>(reason)]; }
};

}  // namespace sluice
