#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/media/sdp/session_description.h"
#include "sluice/media.h"

namespace sluice::sdp {

/// The transport below a session: connected by the client's first description, told of what changes by later ones, and
/// described for ours.
class PeerTransport {
 public:
  explicit PeerTransport(Transport& transport) noexcept : transport_{transport} {}

  /// From an offer of the client; `section` is the first of its BUNDLE. Refuses (see refuse.h) before it changes
  /// anything.
  void read_offer(const SessionDescription& description, const MediaSection& section);
  /// From an answer: nothing may have changed.
  void read_answer(const MediaSection& section);
  /// From a fragment: credentials and candidates. @return whether ICE was restarted.
  bool read_fragment(const TransportAttributes& attributes);
  /// One candidate, `candidate:...` or empty.
  void add_candidate(std::string_view text);

  [[nodiscard]] bool connected() const noexcept { return known_.has_value(); }
  /// Our side for an answer, and for an offer.
  [[nodiscard]] TransportAttributes describe_answer() const;
  [[nodiscard]] TransportAttributes describe_offer() const;
  /// Our credentials and candidates without DTLS: what a fragment tells.
  [[nodiscard]] TransportAttributes describe_ice() const;
  [[nodiscard]] bool ice_lite() const noexcept { return transport_.ice_parameters().ice_lite; }

 private:
  /// Of the client.
  struct Known {
    std::string ufrag;
    std::string password;
    std::vector<DtlsFingerprint> fingerprints;
    Setup setup = Setup::active;  ///< its role: active or passive
    std::vector<IceCandidate> candidates;
  };

  void connect(const TransportAttributes& attributes);
  void demand_same_dtls(const TransportAttributes& attributes) const;
  [[nodiscard]] bool changed_credentials(const TransportAttributes& attributes, std::string_view field) const;
  void restart(const TransportAttributes& attributes);
  void add_candidates(const std::vector<IceCandidate>& candidates);
  void add_candidate(const IceCandidate& candidate);

  Transport& transport_;
  std::optional<Known> known_;
};

}  // namespace sluice::sdp
