#include "core/media/sdp/transport_attributes.h"

#include "core/media/ortc/limits.h"
#include "core/media/sdp/candidate.h"
#include "core/media/sdp/limits.h"

namespace sluice::sdp {
namespace {

constexpr std::size_t kMinUfrag = 4;
constexpr std::size_t kMinPassword = 22;
constexpr std::size_t kMaxCredential = 256;

constexpr bool is_fingerprint_character(char c) noexcept { return ortc::is_hex(c) || c == ':'; }

bool is_credential(std::string_view text, std::size_t min) noexcept {
  return text.size() >= min && is_text(text, kMaxCredential, ortc::is_ice);
}

}  // namespace

Read read_ice_ufrag(std::string_view value, TransportAttributes& out, std::size_t line) {
  if (!is_credential(value, kMinUfrag)) return std::string_view{"the ufrag is not 4 to 256 ice-chars"};
  out.ufrag = value;
  out.ice_line = line;
  return Ok{};
}

Read read_ice_pwd(std::string_view value, TransportAttributes& out, std::size_t line) {
  if (!is_credential(value, kMinPassword)) return std::string_view{"the password is not 22 to 256 ice-chars"};
  out.password = value;
  if (out.ice_line == 0) out.ice_line = line;
  return Ok{};
}

Read read_ice_options(std::string_view value, TransportAttributes& out) {
  Splitter in{value};
  for (std::string_view option = in.word(); !option.empty(); option = in.word()) {
    out.trickle = out.trickle || option == "trickle";
  }
  return Ok{};
}

Read read_candidate(std::string_view value, TransportAttributes& out) {
  auto read = read_candidate(value);
  if (!read) return read.error();
  if (!*read) return Ok{};
  if (!has_room(out.candidates, kMaxCandidates)) return std::string_view{"there are too many candidates"};
  out.candidates.push_back(std::move((*read)->candidate));
  return Ok{};
}

Read read_fingerprint(std::string_view value, TransportAttributes& out, std::size_t line) {
  Splitter in{value};
  const std::string_view algorithm = in.word();
  const std::string_view digits = in.word();
  constexpr std::size_t kMaxDigits = 64 * 3;  // SHA-512
  if (!is_text(algorithm, ortc::kMaxFeedbackBytes, is_token))
    return std::string_view{"the fingerprint has no hash function"};
  if (!is_text(digits, kMaxDigits, is_fingerprint_character)) {
    return std::string_view{"the fingerprint is not pairs of hexadecimal digits with colons between"};
  }
  if (!has_room(out.fingerprints, ortc::kMaxFingerprints)) return std::string_view{"there are too many fingerprints"};
  out.fingerprints.push_back({std::string{algorithm}, std::string{digits}});
  out.dtls_line = line;
  return Ok{};
}

Read read_setup(std::string_view value, TransportAttributes& out, std::size_t line) {
  if (value == "actpass") {
    out.setup = Setup::actpass;
  } else if (value == "active") {
    out.setup = Setup::active;
  } else if (value == "passive") {
    out.setup = Setup::passive;
  } else if (value == "holdconn") {
    out.setup = Setup::holdconn;
  } else {
    return std::string_view{"the setup is not actpass, active, passive or holdconn"};
  }
  out.setup_line = line;
  return Ok{};
}

void inherit(const TransportAttributes& session, TransportAttributes& section) {
  if (!section.ufrag && !section.password) {
    section.ufrag = session.ufrag;
    section.password = session.password;
    section.ice_line = session.ice_line;
  }
  if (section.fingerprints.empty()) {
    section.fingerprints = session.fingerprints;
    section.dtls_line = session.dtls_line;
  }
  if (!section.setup) {
    section.setup = session.setup;
    section.setup_line = session.setup_line;
  }
  section.trickle = section.trickle || session.trickle;
  section.end_of_candidates = section.end_of_candidates || session.end_of_candidates;
}

}  // namespace sluice::sdp
