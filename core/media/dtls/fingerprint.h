#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/byte_reader.h"

struct x509_st;

namespace sluice {

/// Hash functions of RFC 8122 section 5 that are understood, weakest first.
enum class FingerprintAlgorithm : std::uint8_t { sha_1, sha_224, sha_256, sha_384, sha_512 };

/// Only these decide about a peer. SHA-1 has collisions; browsers offer SHA-256.
[[nodiscard]] constexpr bool is_acceptable(FingerprintAlgorithm algorithm) noexcept {
  return algorithm >= FingerprintAlgorithm::sha_256;
}

/// The name in SDP and ORTC: `sha-256`.
[[nodiscard]] std::string_view to_string(FingerprintAlgorithm algorithm) noexcept;
[[nodiscard]] std::optional<FingerprintAlgorithm> fingerprint_algorithm(std::string_view name) noexcept;

/// The hash of a certificate's DER form.
class Fingerprint {
 public:
  /// Reads `sha-256` and `AB:CD:...`, in any case of letters. Nothing where the algorithm is unknown or the value is
  /// not of its length and form.
  [[nodiscard]] static std::optional<Fingerprint> parse(std::string_view algorithm, std::string_view value) noexcept;
  [[nodiscard]] static std::optional<Fingerprint> of(const x509_st& certificate,
                                                     FingerprintAlgorithm algorithm) noexcept;

  [[nodiscard]] FingerprintAlgorithm algorithm() const noexcept { return algorithm_; }
  [[nodiscard]] Bytes hash() const noexcept;
  /// `AB:CD:...` in upper case, as RFC 8122 section 5 writes it.
  [[nodiscard]] std::string value() const;

  friend bool operator==(const Fingerprint&, const Fingerprint&) noexcept = default;

 private:
  static constexpr std::size_t kMaxHash = 64;

  explicit Fingerprint(FingerprintAlgorithm algorithm) noexcept : algorithm_{algorithm} {}

  FingerprintAlgorithm algorithm_;
  std::array<std::uint8_t, kMaxHash> hash_{};
};

/// The strongest acceptable algorithm among these. Nothing where there is none.
[[nodiscard]] std::optional<FingerprintAlgorithm> strongest_acceptable(
    std::span<const Fingerprint> fingerprints) noexcept;

/// RFC 8122 section 5.1: whether the certificate fits one of the fingerprints of the strongest acceptable algorithm
/// that the peer named. Weaker ones beside it do not count.
[[nodiscard]] bool matches(const x509_st& certificate, std::span<const Fingerprint> fingerprints) noexcept;

}  // namespace sluice
