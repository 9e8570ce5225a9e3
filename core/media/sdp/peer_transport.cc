#include "core/media/sdp/peer_transport.h"

#include <algorithm>

#include "core/media/ortc/codec.h"
#include "core/media/sdp/candidate.h"
#include "core/media/sdp/limits.h"
#include "core/media/sdp/refuse.h"
#include "core/media/sdp/text.h"

namespace sluice::sdp {
namespace {

bool same_fingerprint(const DtlsFingerprint& a, const DtlsFingerprint& b) {
  return ortc::equal_ignoring_case(a.algorithm, b.algorithm) && ortc::equal_ignoring_case(a.value, b.value);
}

bool same_fingerprints(const std::vector<DtlsFingerprint>& a, const std::vector<DtlsFingerprint>& b) {
  return std::is_permutation(a.begin(), a.end(), b.begin(), b.end(), same_fingerprint);
}

/// RFC 8842 section 5.3, RFC 4145 section 4.1: one that leaves it open, or says nothing, will be active.
Setup client_role(std::optional<Setup> setup) noexcept {
  return setup == Setup::passive ? Setup::passive : Setup::active;
}

DtlsRole dtls_role(std::optional<Setup> setup) noexcept {
  if (setup == Setup::passive) return DtlsRole::server;
  return setup == Setup::active ? DtlsRole::client : DtlsRole::auto_;
}

/// Those that an address can be had of.
std::vector<IceCandidate> reachable(const std::vector<IceCandidate>& candidates) {
  std::vector<IceCandidate> out;
  std::copy_if(candidates.begin(), candidates.end(), std::back_inserter(out),
               [](const IceCandidate& candidate) { return !is_hidden(candidate); });
  return out;
}

void demand_complete(const MediaSection& section) {
  const TransportAttributes& transport = section.transport;
  if (!transport.ufrag || !transport.password) {
    refuse_unsupported({section.line, "the section has no ICE credentials: there is nothing but ICE"});
  }
  if (transport.fingerprints.empty()) {
    refuse_unsupported({section.line, "the section has no fingerprint: there is nothing but DTLS"});
  }
  if (transport.setup == Setup::holdconn) {
    refuse_unsupported({transport.setup_line, "a connection on hold is not supported"});
  }
}

bool names_dtls(const Error& error) {
  const json::value* path = error.details().if_contains("path");
  return path != nullptr && path->is_string() && path->get_string().starts_with("dtlsParameters");
}

[[noreturn]] void refuse_more_candidates() {
  throw Error{ErrorCode::limit_exceeded, "there are too many candidates", {{"limit", kMaxTrickledCandidates}}};
}

}  // namespace

void PeerTransport::read_offer(const SessionDescription& description, const MediaSection& section) {
  demand_complete(section);
  if (description.ice_lite && ice_lite()) {
    refuse_unsupported({description.ice_lite_line, "both sides are ICE-lite: nobody would check"});
  }
  if (!known_) return connect(section.transport);
  demand_same_dtls(section.transport);
  if (changed_credentials(section.transport, kSdpField)) restart(section.transport);
  add_candidates(section.transport.candidates);
}

void PeerTransport::connect(const TransportAttributes& attributes) {
  ConnectOptions options{
      .dtls_parameters = {.role = dtls_role(attributes.setup), .fingerprints = attributes.fingerprints},
      .ice_parameters = IceParameters{.username_fragment = *attributes.ufrag, .password = *attributes.password},
      .ice_candidates = reachable(attributes.candidates)};
  try {
    transport_.connect(options);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::invalid_payload) throw;
    if (!names_dtls(error)) refuse_invalid({attributes.ice_line, "the ICE credentials or a candidate cannot be used"});
    refuse_invalid({attributes.dtls_line, "the fingerprint cannot be used: SHA-256 at least, and not our own"});
  }
  known_ = Known{.ufrag = *attributes.ufrag,
                 .password = *attributes.password,
                 .fingerprints = attributes.fingerprints,
                 .setup = client_role(attributes.setup),
                 .candidates = std::move(options.ice_candidates)};
}

/// RFC 8842 section 5.5: another fingerprint, or the other role, would mean another DTLS association.
void PeerTransport::demand_same_dtls(const TransportAttributes& attributes) const {
  if (!same_fingerprints(attributes.fingerprints, known_->fingerprints)) {
    refuse_unsupported({attributes.dtls_line, "the fingerprint has changed: that needs another session"});
  }
  const bool told = attributes.setup == Setup::active || attributes.setup == Setup::passive;
  if (told && *attributes.setup != known_->setup) {
    refuse_unsupported({attributes.setup_line, "the role in DTLS has changed: that needs another session"});
  }
}

/// RFC 8839 section 4.4.1.1.1: a restart changes both. What is not told has not changed.
bool PeerTransport::changed_credentials(const TransportAttributes& attributes, std::string_view field) const {
  const bool ufrag = attributes.ufrag && attributes.ufrag != known_->ufrag;
  const bool password = attributes.password && attributes.password != known_->password;
  if (ufrag != password) refuse_invalid({attributes.ice_line, "an ICE restart changes both ufrag and password"}, field);
  return ufrag;
}

void PeerTransport::restart(const TransportAttributes& attributes) {
  static_cast<void>(transport_.restart_ice());
  known_->ufrag = *attributes.ufrag;
  known_->password = *attributes.password;
  known_->candidates.clear();
}

void PeerTransport::read_answer(const MediaSection& section) {
  demand_complete(section);
  demand_same_dtls(section.transport);
  if (changed_credentials(section.transport, kSdpField)) {
    refuse_unsupported({section.transport.ice_line, "an answer restarts ICE that the offer has not restarted"});
  }
  add_candidates(section.transport.candidates);
}

bool PeerTransport::read_fragment(const TransportAttributes& attributes) {
  const bool restarts = changed_credentials(attributes, kFragmentField);
  // Before anything is changed: who is refused would not hear of our new credentials.
  if (attributes.candidates.size() > kMaxTrickledCandidates) refuse_more_candidates();
  if (restarts) restart(attributes);
  add_candidates(attributes.candidates);
  return restarts;
}

void PeerTransport::add_candidate(std::string_view text) {
  if (text.starts_with("a=")) text.remove_prefix(2);
  constexpr std::string_view kPrefix = "candidate:";
  if (text.empty() || text == "end-of-candidates") return;  // nobody waits for the last one
  if (!text.starts_with(kPrefix)) refuse_invalid({1, "it does not start with candidate:"}, kCandidateField);
  const auto read = read_candidate(text.substr(kPrefix.size()));
  if (!read) refuse_invalid({1, read.error()}, kCandidateField);
  if (!*read) return;
  // RFC 8838 section 11: a candidate of an earlier generation came late.
  if (!(*read)->ufrag.empty() && (*read)->ufrag != known_->ufrag) return;
  add_candidate((*read)->candidate);
}

void PeerTransport::add_candidates(const std::vector<IceCandidate>& candidates) {
  for (const IceCandidate& candidate : candidates) add_candidate(candidate);
}

void PeerTransport::add_candidate(const IceCandidate& candidate) {
  auto& known = known_->candidates;
  if (is_hidden(candidate) || std::find(known.begin(), known.end(), candidate) != known.end()) return;
  if (!has_room(known, kMaxTrickledCandidates)) refuse_more_candidates();
  transport_.add_ice_candidate(candidate);
  known.push_back(candidate);
}

TransportAttributes PeerTransport::describe_ice() const {
  const IceParameters& ice = transport_.ice_parameters();
  return {.ufrag = ice.username_fragment,
          .password = ice.password,
          .trickle = true,
          .candidates = transport_.ice_candidates(),
          .end_of_candidates = true};
}

TransportAttributes PeerTransport::describe_answer() const {
  TransportAttributes out = describe_ice();
  out.fingerprints = transport_.dtls_parameters().fingerprints;
  out.setup = known_->setup == Setup::passive ? Setup::active : Setup::passive;
  return out;
}

/// RFC 8842 section 5.5: an offer that keeps the association may leave the role open; the answer names the one that it
/// has.
TransportAttributes PeerTransport::describe_offer() const {
  TransportAttributes out = describe_answer();
  out.setup = Setup::actpass;
  return out;
}

}  // namespace sluice::sdp
