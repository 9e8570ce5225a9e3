#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "sluice/ortc.h"
#include "sluice/result.h"

namespace sluice::sdp {

/// A candidate as it stands in a description, with what the text says beside it.
struct CandidateLine {
  IceCandidate candidate{};
  std::string_view ufrag{};  ///< the extension `ufrag`, which tells an earlier generation; empty: not told
};

/// Reads what follows `candidate:` in RFC 8839 section 5.1 (RFC 6544 section 4.5 for TCP). Nothing where it is well
/// formed and of no use: another component than RTP's, another protocol, or a type to come.
[[nodiscard]] Result<std::optional<CandidateLine>, std::string_view> read_candidate(std::string_view value);

/// `foundation 1 udp ...`, without `candidate:`.
[[nodiscard]] std::string write_candidate(const IceCandidate& candidate);

/// A name that hides an address (mDNS): only the client's own network could resolve it.
[[nodiscard]] bool is_hidden(const IceCandidate& candidate) noexcept;

}  // namespace sluice::sdp
