#include <array>

#include "core/media/ortc/check.h"
#include "core/media/ortc/codec.h"
#include "core/media/ortc/limits.h"
#include "core/media/ortc/validate.h"

namespace sluice::ortc {
namespace {

struct HashAlgorithm {
  std::string_view name;
  std::size_t bytes;
};
/// RFC 8122 section 5 wants SHA-256 at least; SHA-1 stands in its grammar for the sake of the past.
constexpr std::array kAlgorithms{HashAlgorithm{"sha-256", 32}, HashAlgorithm{"sha-384", 48},
                                 HashAlgorithm{"sha-512", 64}};

const HashAlgorithm* find_algorithm(std::string_view name) noexcept {
  for (const HashAlgorithm& algorithm : kAlgorithms) {
    if (equal_ignoring_case(algorithm.name, name)) return &algorithm;
  }
  return nullptr;
}

/// `AB:CD:...`, one pair of digits per byte of the hash.
bool is_fingerprint(std::string_view value, std::size_t bytes) noexcept {
  if (value.size() != bytes * 3 - 1) return false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (i % 3 == 2 ? value[i] != ':' : !is_hex(value[i])) return false;
  }
  return true;
}

}  // namespace

void validate(const DtlsParameters& parameters, std::string_view root) {
  constexpr std::size_t kMaxAlgorithmBytes = 16;
  const Path nowhere;
  const Path path{nowhere, root};
  const Path list{path, "fingerprints"};
  check_count(parameters.fingerprints.size(), 1, kMaxFingerprints, list);
  bool usable = false;
  for (std::size_t i = 0; i < parameters.fingerprints.size(); ++i) {
    const Path here{list, i};
    const DtlsFingerprint& fingerprint = parameters.fingerprints[i];
    check_text(fingerprint.algorithm, 1, kMaxAlgorithmBytes, is_token, {here, "algorithm"});
    const HashAlgorithm* algorithm = find_algorithm(fingerprint.algorithm);
    if (algorithm == nullptr) continue;  // one that is not understood may stand beside one that is
    check(is_fingerprint(fingerprint.value, algorithm->bytes), {here, "value"},
          "must be the hash in pairs of hexadecimal digits with colons between");
    usable = true;
  }
  check(usable, list, "must have one of sha-256, sha-384 or sha-512");
}

void validate(const IceParameters& parameters, std::string_view root) {
  constexpr std::size_t kMinUfrag = 4;
  constexpr std::size_t kMinPassword = 22;
  constexpr std::size_t kMax = 256;
  const Path nowhere;
  const Path path{nowhere, root};
  check_text(parameters.username_fragment, kMinUfrag, kMax, is_ice, {path, "usernameFragment"});
  check_text(parameters.password, kMinPassword, kMax, is_ice, {path, "password"});
}

void validate(const IceCandidate& candidate, std::string_view root) {
  constexpr std::size_t kMaxFoundation = 32;
  constexpr std::size_t kMaxAddress = 253;  // a host name: browsers hide host addresses behind mDNS names
  const Path nowhere;
  const Path path{nowhere, root};
  check_text(candidate.foundation, 1, kMaxFoundation, is_ice, {path, "foundation"});
  check(candidate.priority != 0, {path, "priority"}, "must not be 0");
  check_text(candidate.address, 1, kMaxAddress, is_visible, {path, "address"});
  if (candidate.protocol == IceProtocol::tcp) {
    check(candidate.tcp_type.has_value(), {path, "tcpType"}, "is missing");  // RFC 6544 section 4.5
  }
  // An active TCP candidate has no port of its own and says 9, RFC 6544 section 4.5; 0 is nobody's.
  check(candidate.port != 0, {path, "port"}, "must not be 0");
}

}  // namespace sluice::ortc
