#include "core/media/dtls/dtls_record.h"

#include <doctest/doctest.h>

#include <array>
#include <vector>

using namespace sluice;

namespace {

using ByteVector = std::vector<std::uint8_t>;

// | type | version 1.2 | epoch | sequence number | length | fragment |
ByteVector record(std::uint8_t type, std::uint8_t epoch, std::size_t length) {
  ByteVector bytes{type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 9};
  bytes.push_back(static_cast<std::uint8_t>(length >> 8));
  bytes.push_back(static_cast<std::uint8_t>(length));
  bytes.resize(bytes.size() + length, 0x5a);
  return bytes;
}

ByteVector operator+(ByteVector a, const ByteVector& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

}  // namespace

TEST_CASE("a record is read field by field") {
  const ByteVector datagram{22,   0xfe, 0xff,                    // handshake, DTLS 1.0 as in a first ClientHello
                            0x12, 0x34,                          // epoch
                            0x01, 0x02, 0x03, 0x04, 0x05, 0x06,  // sequence number
                            0x00, 0x02, 0xaa, 0xbb,              // length, fragment
                            0x17};                               // what follows
  const auto read = next_dtls_record(datagram);
  REQUIRE(read.has_value());
  CHECK(read->type == DtlsContentType::handshake);
  CHECK(read->epoch == 0x1234);
  CHECK(read->sequence == 0x010203040506);
  CHECK(ByteVector(read->fragment.begin(), read->fragment.end()) == ByteVector{0xaa, 0xbb});
  CHECK(ByteVector(read->rest.begin(), read->rest.end()) == ByteVector{0x17});
}

TEST_CASE("a record that is cut anywhere is truncated") {
  const ByteVector whole = record(22, 0, 30);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    CHECK(next_dtls_record(Bytes{whole}.first(size)).error() == DtlsRecordError::truncated);
  }
  CHECK(next_dtls_record(whole).has_value());
}

TEST_CASE("what is not a DTLS record is told apart") {
  CHECK(next_dtls_record(record(19, 0, 1)).error() == DtlsRecordError::unknown_type);
  CHECK(next_dtls_record(record(24, 0, 1)).error() == DtlsRecordError::unknown_type);
  ByteVector tls = record(22, 0, 1);
  tls[1] = 0x03;
  CHECK(next_dtls_record(tls).error() == DtlsRecordError::bad_version);
  CHECK(next_dtls_record(record(22, 0, (1 << 14) + 2049)).error() == DtlsRecordError::too_long);
}

TEST_CASE("a datagram is acceptable only if all of its records are") {
  CHECK(inspect_datagram(record(22, 0, 50)) == DatagramVerdict::acceptable);
  CHECK(inspect_datagram(record(22, 0, 50) + record(20, 0, 1) + record(22, 1, 40)) == DatagramVerdict::acceptable);
  CHECK(inspect_datagram(ByteVector{}) == DatagramVerdict::malformed);
  CHECK(inspect_datagram(record(22, 0, 50) + ByteVector{22, 0xfe}) == DatagramVerdict::malformed);
  CHECK(inspect_datagram(record(22, 0, 50) + record(99, 0, 1)) == DatagramVerdict::malformed);
}

TEST_CASE("application data of epoch 0 is seen, behind other records as well") {
  CHECK(inspect_datagram(record(23, 0, 5)) == DatagramVerdict::plaintext_application_data);
  CHECK(inspect_datagram(record(22, 0, 5) + record(23, 0, 5)) == DatagramVerdict::plaintext_application_data);
  CHECK(inspect_datagram(record(23, 1, 5)) == DatagramVerdict::acceptable);
}
