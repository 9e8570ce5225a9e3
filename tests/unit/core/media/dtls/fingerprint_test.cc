#include "core/media/dtls/fingerprint.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "core/media/dtls/dtls_certificate.h"
#include "tests/unit/core/media/dtls/dtls_call.h"

using namespace sluice;

namespace {

constexpr std::string_view kSha1Value = "4A:AD:B9:B1:3F:82:18:3B:54:02:12:DF:3E:5D:49:6B:19:E5:7C:AB";

DtlsCertificate certificate() { return DtlsCertificate::generate(test::kToday); }

}  // namespace

TEST_CASE("the fingerprint of RFC 8122 section 5 is read and written back") {
  const auto fingerprint = Fingerprint::parse("SHA-1", kSha1Value);
  REQUIRE(fingerprint.has_value());
  CHECK(fingerprint->algorithm() == FingerprintAlgorithm::sha_1);
  CHECK(fingerprint->hash().size() == 20);
  CHECK(fingerprint->hash()[0] == 0x4a);
  CHECK(fingerprint->value() == kSha1Value);
}

TEST_CASE("the case of algorithm and digits does not matter") {
  const auto own = certificate().fingerprint();
  std::string lower = own.value();
  std::ranges::transform(lower, lower.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
  CHECK(Fingerprint::parse("Sha-256", lower) == own);
}

TEST_CASE("a fingerprint that is not of its algorithm's form is refused") {
  const std::string value{kSha1Value};
  CHECK(!Fingerprint::parse("sha-256", value).has_value());  // the length of another
  CHECK(!Fingerprint::parse("md5", value).has_value());
  CHECK(!Fingerprint::parse("", value).has_value());
  CHECK(!Fingerprint::parse("sha-1", "").has_value());
  CHECK(!Fingerprint::parse("sha-1", value.substr(1)).has_value());
  CHECK(!Fingerprint::parse("sha-1", value + ":00").has_value());
  for (std::size_t i = 0; i < value.size(); ++i) {
    CAPTURE(i);
    std::string wrong = value;
    wrong[i] = 'g';
    CHECK(!Fingerprint::parse("sha-1", wrong).has_value());
  }
}

TEST_CASE("each algorithm gives its own hash of the same certificate") {
  const DtlsCertificate own = certificate();
  const std::vector<std::pair<FingerprintAlgorithm, std::size_t>> sizes{{FingerprintAlgorithm::sha_1, 20},
                                                                        {FingerprintAlgorithm::sha_224, 28},
                                                                        {FingerprintAlgorithm::sha_256, 32},
                                                                        {FingerprintAlgorithm::sha_384, 48},
                                                                        {FingerprintAlgorithm::sha_512, 64}};
  for (const auto& [algorithm, size] : sizes) {
    const Fingerprint fingerprint = own.fingerprint(algorithm);
    CHECK(fingerprint.hash().size() == size);
    CHECK(Fingerprint::parse(to_string(algorithm), fingerprint.value()) == fingerprint);
  }
}

TEST_CASE("a certificate matches by any acceptable algorithm") {
  const DtlsCertificate own = certificate();
  for (const auto algorithm :
       {FingerprintAlgorithm::sha_256, FingerprintAlgorithm::sha_384, FingerprintAlgorithm::sha_512}) {
    CHECK(matches(own.certificate(), std::vector{own.fingerprint(algorithm)}));
  }
}

TEST_CASE("a certificate matches one of several fingerprints of one algorithm") {
  const DtlsCertificate own = certificate();
  CHECK(matches(own.certificate(), std::vector{certificate().fingerprint(), own.fingerprint()}));
}

TEST_CASE("weak algorithms do not decide") {
  const DtlsCertificate own = certificate();
  CHECK(!matches(own.certificate(), std::vector{own.fingerprint(FingerprintAlgorithm::sha_1)}));
  CHECK(!matches(own.certificate(), std::vector{own.fingerprint(FingerprintAlgorithm::sha_224)}));
  CHECK(!matches(own.certificate(), std::vector<Fingerprint>{}));
}

TEST_CASE("the strongest algorithm decides alone, RFC 8122 section 5.1") {
  const DtlsCertificate own = certificate();
  const DtlsCertificate other = certificate();
  const Fingerprint wrong = other.fingerprint(FingerprintAlgorithm::sha_512);
  CHECK(!matches(own.certificate(), std::vector{own.fingerprint(), wrong}));
  CHECK(!matches(own.certificate(), std::vector{wrong, own.fingerprint()}));
}
