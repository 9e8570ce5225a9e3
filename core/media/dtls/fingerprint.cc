#include "core/media/dtls/fingerprint.h"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <algorithm>

namespace sluice {
namespace {

struct Hash {
  std::string_view name;
  std::size_t size;
  const EVP_MD* (*function)();
};
// In the order of FingerprintAlgorithm.
constexpr std::array kHashes{Hash{"sha-1", 20, EVP_sha1}, Hash{"sha-224", 28, EVP_sha224},
                             Hash{"sha-256", 32, EVP_sha256}, Hash{"sha-384", 48, EVP_sha384},
                             Hash{"sha-512", 64, EVP_sha512}};

const Hash& hash_of(FingerprintAlgorithm algorithm) noexcept { return kHashes[static_cast<std::size_t>(algorithm)]; }

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(a, b, {}, lower, lower);
}

std::optional<unsigned> hex_digit(char c) noexcept {
  if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
  const char letter = lower(c);
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  return std::nullopt;
}

}  // namespace

std::string_view to_string(FingerprintAlgorithm algorithm) noexcept { return hash_of(algorithm).name; }

std::optional<FingerprintAlgorithm> fingerprint_algorithm(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kHashes.size(); ++i) {
    if (equal_ignoring_case(name, kHashes[i].name)) return static_cast<FingerprintAlgorithm>(i);
  }
  return std::nullopt;
}

// RFC 8122 section 5: fingerprint = 2UHEX *(":" 2UHEX)
std::optional<Fingerprint> Fingerprint::parse(std::string_view algorithm, std::string_view value) noexcept {
  const auto known = fingerprint_algorithm(algorithm);
  if (!known) return std::nullopt;
  const std::size_t size = hash_of(*known).size;
  if (value.size() != size * 3 - 1) return std::nullopt;

  Fingerprint fingerprint{*known};
  for (std::size_t i = 0; i < size; ++i) {
    const auto high = hex_digit(value[i * 3]);
    const auto low = hex_digit(value[i * 3 + 1]);
    const bool separated = i + 1 == size || value[i * 3 + 2] == ':';
    if (!high || !low || !separated) return std::nullopt;
    fingerprint.hash_[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return fingerprint;
}

std::optional<Fingerprint> Fingerprint::of(const x509_st& certificate, FingerprintAlgorithm algorithm) noexcept {
  const Hash& hash = hash_of(algorithm);
  Fingerprint fingerprint{algorithm};
  unsigned size = 0;
  if (X509_digest(&certificate, hash.function(), fingerprint.hash_.data(), &size) != 1) return std::nullopt;
  if (size != hash.size) return std::nullopt;
  return fingerprint;
}

Bytes Fingerprint::hash() const noexcept { return Bytes{hash_}.first(hash_of(algorithm_).size); }

std::string Fingerprint::value() const {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  text.reserve(hash().size() * 3);
  for (const std::uint8_t byte : hash()) {
    if (!text.empty()) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0xf];
  }
  return text;
}

std::optional<FingerprintAlgorithm> strongest_acceptable(std::span<const Fingerprint> fingerprints) noexcept {
  std::optional<FingerprintAlgorithm> strongest;
  for (const Fingerprint& fingerprint : fingerprints) {
    const FingerprintAlgorithm algorithm = fingerprint.algorithm();
    if (is_acceptable(algorithm) && (!strongest || algorithm > *strongest)) strongest = algorithm;
  }
  return strongest;
}

bool matches(const x509_st& certificate, std::span<const Fingerprint> fingerprints) noexcept {
  const auto algorithm = strongest_acceptable(fingerprints);
  if (!algorithm) return false;
  const auto presented = Fingerprint::of(certificate, *algorithm);
  return presented && std::ranges::find(fingerprints, *presented) != fingerprints.end();
}

}  // namespace sluice
