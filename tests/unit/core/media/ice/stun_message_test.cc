#include "core/media/ice/stun_message.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

namespace sluice {
namespace {

constexpr std::string_view kPassword = "VOkJxbRl1RmTxUk/WvJxBt";  // RFC 5769 section 2

// RFC 5769 section 2.1: sample request with short-term authentication.
constexpr std::array<std::uint8_t, 108> kRequest{0x00, 0x01, 0x00, 0x58,  // Binding request, length
                                                 0x21, 0x12, 0xa4, 0x42,  // magic cookie
                                                 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,  // transaction ID
                                                 0xfa, 0x87, 0xdf, 0xae,                          //
                                                 0x80, 0x22, 0x00, 0x10,                          // SOFTWARE
                                                 0x53, 0x54, 0x55, 0x4e, 0x20, 0x74, 0x65, 0x73,  // "STUN test client"
                                                 0x74, 0x20, 0x63, 0x6c, 0x69, 0x65, 0x6e, 0x74,  //
                                                 0x00, 0x24, 0x00, 0x04,                          // PRIORITY
                                                 0x6e, 0x00, 0x01, 0xff,                          //
                                                 0x80, 0x29, 0x00, 0x08,                          // ICE-CONTROLLED
                                                 0x93, 0x2f, 0xf9, 0xb1, 0x51, 0x26, 0x3b, 0x36,  //
                                                 0x00, 0x06, 0x00, 0x09,  // USERNAME, padded with spaces
                                                 0x65, 0x76, 0x74, 0x6a, 0x3a, 0x68, 0x36, 0x76,  // "evtj:h6vY"
                                                 0x59, 0x20, 0x20, 0x20,                          //
                                                 0x00, 0x08, 0x00, 0x14,                          // MESSAGE-INTEGRITY
                                                 0x9a, 0xea, 0xa7, 0x0c, 0xbf, 0xd8, 0xcb, 0x56,  //
                                                 0x78, 0x1e, 0xf2, 0xb5, 0xb2, 0xd3, 0xf2, 0x49,  //
                                                 0xc1, 0xb5, 0x71, 0xa2,                          //
                                                 0x80, 0x28, 0x00, 0x04,                          // FINGERPRINT
                                                 0xe5, 0x7a, 0x3b, 0xcf};

// RFC 5769 section 2.2: sample IPv4 response.
constexpr std::array<std::uint8_t, 80> kResponseIpv4{0x01, 0x01, 0x00, 0x3c,  // Binding success response, length
                                                     0x21, 0x12, 0xa4, 0x42,  // magic cookie
                                                     0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,  // transaction ID
                                                     0xfa, 0x87, 0xdf, 0xae,                          //
                                                     0x80, 0x22, 0x00, 0x0b,                          // SOFTWARE
                                                     0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,  // "test vector"
                                                     0x74, 0x6f, 0x72, 0x20,                          //
                                                     0x00, 0x20, 0x00, 0x08,  // XOR-MAPPED-ADDRESS
                                                     0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,  // 192.0.2.1:32853
                                                     0x00, 0x08, 0x00, 0x14,  // MESSAGE-INTEGRITY
                                                     0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3,  //
                                                     0x8c, 0x74, 0x89, 0xf9, 0x2a, 0xf9, 0xba, 0x53,  //
                                                     0xf0, 0x6b, 0xe7, 0xd7,                          //
                                                     0x80, 0x28, 0x00, 0x04,                          // FINGERPRINT
                                                     0xc0, 0x7d, 0x4c, 0x96};

// RFC 5769 section 2.3: sample IPv6 response.
constexpr std::array<std::uint8_t, 92> kResponseIpv6{
    0x01, 0x01, 0x00, 0x48,                          // Binding success response, length
    0x21, 0x12, 0xa4, 0x42,                          // magic cookie
    0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,  // transaction ID
    0xfa, 0x87, 0xdf, 0xae,                          //
    0x80, 0x22, 0x00, 0x0b,                          // SOFTWARE
    0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,  // "test vector"
    0x74, 0x6f, 0x72, 0x20,                          //
    0x00, 0x20, 0x00, 0x14,                          // XOR-MAPPED-ADDRESS
    0x00, 0x02, 0xa1, 0x47, 0x01, 0x13, 0xa9, 0xfa,  // [2001:db8:1234:5678:11:2233:4455:6677]:32853
    0xa5, 0xd3, 0xf1, 0x79, 0xbc, 0x25, 0xf4, 0xb5,  //
    0xbe, 0xd2, 0xb9, 0xd9,                          //
    0x00, 0x08, 0x00, 0x14,                          // MESSAGE-INTEGRITY
    0xa3, 0x82, 0x95, 0x4e, 0x4b, 0xe6, 0x7b, 0xf1,  //
    0x17, 0x84, 0xc9, 0x7c, 0x82, 0x92, 0xc2, 0x75,  //
    0xbf, 0xe3, 0xed, 0x41,                          //
    0x80, 0x28, 0x00, 0x04,                          // FINGERPRINT
    0xc8, 0xfb, 0x0b, 0x4c};

using Datagram = std::vector<std::uint8_t>;

Datagram copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

// Corrects the FINGERPRINT at the end, so that a damaged message is judged by what is damaged.
Datagram with_fingerprint(Datagram message) {
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < message.size() - 8; ++i) {
    crc ^= message[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
  }
  const std::uint32_t fingerprint = ~crc ^ 0x5354554e;  // RFC 8489 section 14.7
  for (std::size_t i = 0; i < 4; ++i) {
    message[message.size() - 4 + i] = static_cast<std::uint8_t>(fingerprint >> (24 - 8 * i));
  }
  return message;
}

// A Binding request of the given attributes (header and value), FINGERPRINT after them.
Datagram request_of(const Datagram& attributes) {
  Datagram message{0x00, 0x01, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  message.insert(message.end(), attributes.begin(), attributes.end());
  message.insert(message.end(), {0x80, 0x28, 0x00, 0x04, 0, 0, 0, 0});
  const std::size_t length = message.size() - kStunHeaderSize;
  message[2] = static_cast<std::uint8_t>(length >> 8);
  message[3] = static_cast<std::uint8_t>(length);
  return with_fingerprint(message);
}

StunParseError error_of(Bytes datagram) {
  const auto result = StunMessage::parse(datagram);
  REQUIRE(!result.has_value());
  return result.error();
}

TEST_CASE("the sample request of RFC 5769 section 2.1 is read and authenticated") {
  const auto message = StunMessage::parse(kRequest);
  REQUIRE(message.has_value());
  CHECK(message->message_class() == StunClass::request);
  CHECK(message->is_binding());
  CHECK(message->username() == "evtj:h6vY");
  CHECK(message->priority() == 0x6e0001ffU);
  CHECK(message->ice_controlled() == 0x932ff9b151263b36ULL);
  CHECK(!message->ice_controlling().has_value());
  CHECK(!message->use_candidate());
  CHECK(!message->has_unknown_attributes());
  CHECK(message->transaction_id() ==
        StunTransactionId{0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86, 0xfa, 0x87, 0xdf, 0xae});
  CHECK(message->check_integrity(kPassword) == StunIntegrity::valid);
  CHECK(message->check_integrity("VOkJxbRl1RmTxUk/WvJxBT") == StunIntegrity::wrong);
  CHECK(message->check_integrity("") == StunIntegrity::wrong);
}

TEST_CASE("the sample responses of RFC 5769 sections 2.2 and 2.3 give the mapped address") {
  const auto ipv4 = StunMessage::parse(kResponseIpv4);
  REQUIRE(ipv4.has_value());
  CHECK(ipv4->message_class() == StunClass::success);
  CHECK(ipv4->xor_mapped_address() == SocketAddress::parse("192.0.2.1", 32853));
  CHECK(ipv4->check_integrity(kPassword) == StunIntegrity::valid);
  CHECK(ipv4->check_integrity("wrong") == StunIntegrity::wrong);

  const auto ipv6 = StunMessage::parse(kResponseIpv6);
  REQUIRE(ipv6.has_value());
  CHECK(ipv6->xor_mapped_address() == SocketAddress::parse("2001:db8:1234:5678:11:2233:4455:6677", 32853));
  CHECK(ipv6->check_integrity(kPassword) == StunIntegrity::valid);
}

TEST_CASE("a message cut off anywhere is refused") {
  for (std::size_t size = 0; size < kRequest.size(); ++size) {
    CAPTURE(size);
    const Datagram cut = copy(Bytes{kRequest}.first(size));
    CHECK(error_of(cut) == (size < kStunHeaderSize ? StunParseError::truncated : StunParseError::bad_length));
  }
}

TEST_CASE("a flipped bit anywhere is refused") {
  for (std::size_t bit = 0; bit < kRequest.size() * 8; ++bit) {
    Datagram damaged = copy(kRequest);
    damaged[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
    CAPTURE(bit);
    CHECK(!StunMessage::parse(damaged).has_value());
  }
}

TEST_CASE("with a corrected FINGERPRINT a flipped bit before the MESSAGE-INTEGRITY breaks the integrity") {
  constexpr std::size_t kIntegrityEnd = kRequest.size() - 8;
  for (std::size_t byte = 8; byte < kIntegrityEnd; ++byte) {
    Datagram damaged = copy(kRequest);
    damaged[byte] ^= 0x01;
    damaged = with_fingerprint(damaged);
    CAPTURE(byte);
    const auto message = StunMessage::parse(damaged);
    if (message.has_value()) CHECK(message->check_integrity(kPassword) != StunIntegrity::valid);
  }
}

TEST_CASE("a length field that is not the datagram's is refused") {
  Datagram longer = copy(kRequest);
  longer.insert(longer.end(), 4, 0);
  CHECK(error_of(longer) == StunParseError::bad_length);

  Datagram odd = copy(kRequest);
  odd[3] = 0x57;
  CHECK(error_of(odd) == StunParseError::bad_length);
}

TEST_CASE("what is no STUN message is refused") {
  Datagram no_cookie = copy(kRequest);
  no_cookie[4] = 0x20;
  CHECK(error_of(no_cookie) == StunParseError::not_stun);
  Datagram rtp = copy(kRequest);
  rtp[0] = 0x80;
  CHECK(error_of(rtp) == StunParseError::not_stun);
}

TEST_CASE("an attribute that runs past the message is refused") {
  CHECK(error_of(request_of({0x00, 0x06, 0x00, 0x40, 'a', 'b', 'c', 'd'})) == StunParseError::truncated_attribute);
  CHECK(error_of(request_of({0x00, 0x06, 0xff, 0xff, 'a', 'b', 'c', 'd'})) == StunParseError::truncated_attribute);
}

TEST_CASE("an oversized attribute makes the message too large") {
  Datagram attribute{0x80, 0x22, 0x05, 0x00};
  attribute.insert(attribute.end(), 0x500, 'x');
  CHECK(error_of(request_of(attribute)) == StunParseError::too_large);
}

TEST_CASE("more attributes than the bound are refused") {
  Datagram attributes;
  for (std::size_t i = 1; i < kMaxStunAttributes; ++i) attributes.insert(attributes.end(), {0x80, 0x22, 0, 0});
  CHECK(StunMessage::parse(request_of(attributes)).has_value());
  attributes.insert(attributes.end(), {0x80, 0x22, 0, 0});
  CHECK(error_of(request_of(attributes)) == StunParseError::too_many_attributes);
}

TEST_CASE("a MESSAGE-INTEGRITY that is not as long as a SHA-1 is refused, and nothing past its end is read") {
  CHECK(error_of(request_of({0x00, 0x08, 0x00, 0x00})) == StunParseError::bad_integrity_size);
  CHECK(error_of(request_of({0x00, 0x08, 0x00, 0x04, 1, 2, 3, 4})) == StunParseError::bad_integrity_size);
}

TEST_CASE("a FINGERPRINT that is missing, misplaced or of another size is refused") {
  Datagram missing = copy(kRequest);
  missing.resize(missing.size() - 8);
  missing[3] = 0x50;
  CHECK(error_of(missing) == StunParseError::no_fingerprint);
  CHECK(error_of(request_of({0x80, 0x28, 0x00, 0x04, 0, 0, 0, 0})) == StunParseError::no_fingerprint);
  CHECK(error_of(request_of({0x80, 0x28, 0x00, 0x00})) == StunParseError::no_fingerprint);

  Datagram wrong = copy(kRequest);
  wrong.back() ^= 1;
  CHECK(error_of(wrong) == StunParseError::wrong_fingerprint);
}

TEST_CASE("attributes after MESSAGE-INTEGRITY are not authenticated and not seen, RFC 8489 section 14.5") {
  Datagram attributes = copy(Bytes{kRequest}.subspan(kStunHeaderSize, kRequest.size() - kStunHeaderSize - 8));
  attributes.insert(attributes.end(), {0x00, 0x25, 0x00, 0x00});  // USE-CANDIDATE
  const Datagram datagram = request_of(attributes);
  const auto message = StunMessage::parse(datagram);
  REQUIRE(message.has_value());
  CHECK(!message->use_candidate());
}

TEST_CASE("attributes of the wrong size are as good as none") {
  const Datagram datagram = request_of({0x00, 0x24, 0x00, 0x02, 1, 2, 0, 0,    // PRIORITY of 2 bytes
                                        0x00, 0x25, 0x00, 0x01, 1, 0, 0, 0,    // USE-CANDIDATE of 1 byte
                                        0x80, 0x2a, 0x00, 0x04, 1, 2, 3, 4});  // ICE-CONTROLLING of 4 bytes
  const auto message = StunMessage::parse(datagram);
  REQUIRE(message.has_value());
  CHECK(!message->priority().has_value());
  CHECK(!message->use_candidate());
  CHECK(!message->ice_controlling().has_value());
  CHECK(message->username().empty());
  CHECK(message->check_integrity(kPassword) == StunIntegrity::missing);
}

TEST_CASE("a request that is written reads back as it was meant") {
  std::array<std::uint8_t, kMaxStunMessageSize> buffer{};
  const BindingRequest meant{.transaction_id = {1, 2, 3},
                             .username = "local:remote",
                             .password = kPassword,
                             .priority = 77,
                             .ice_controlling = 0x0102030405060708ULL,
                             .ice_controlled = std::nullopt,
                             .use_candidate = true};
  // 250 times: libnice remembers at most 200 outstanding requests of an agent.
  for (int i = 0; i < 250; ++i) REQUIRE(!write_binding_request(meant, buffer).empty());
  const auto message = StunMessage::parse(write_binding_request(meant, buffer));
  REQUIRE(message.has_value());
  CHECK(message->transaction_id() == meant.transaction_id);
  CHECK(message->username() == meant.username);
  CHECK(message->priority() == 77U);
  CHECK(message->ice_controlling() == meant.ice_controlling);
  CHECK(message->use_candidate());
  CHECK(message->check_integrity(kPassword) == StunIntegrity::valid);
}

TEST_CASE("a success response carries the mapped address and is authenticated") {
  const auto request = StunMessage::parse(kRequest);
  REQUIRE(request.has_value());
  for (const auto* ip : {"203.0.113.9", "2001:db8::9"}) {
    const SocketAddress from = SocketAddress::parse(ip, 4321).value();
    std::array<std::uint8_t, kStunResponseCapacity> buffer{};
    const auto response = StunMessage::parse(write_binding_success(*request, from, kPassword, buffer));
    REQUIRE(response.has_value());
    CHECK(response->message_class() == StunClass::success);
    CHECK(response->transaction_id() == request->transaction_id());
    CHECK(response->xor_mapped_address() == from);
    CHECK(response->check_integrity(kPassword) == StunIntegrity::valid);
  }
}

TEST_CASE("an error response carries its code, authenticated where a password is given") {
  const auto request = StunMessage::parse(kRequest);
  REQUIRE(request.has_value());
  std::array<std::uint8_t, kStunResponseCapacity> buffer{};

  const Bytes anonymous = write_binding_error(*request, StunErrorCode::unauthorized, {}, buffer);
  CHECK(anonymous.size() == 36);
  const auto unauthorized = StunMessage::parse(anonymous);
  REQUIRE(unauthorized.has_value());
  CHECK(unauthorized->message_class() == StunClass::error);
  CHECK(unauthorized->error_code() == 401);
  CHECK(unauthorized->check_integrity(kPassword) == StunIntegrity::missing);

  const auto conflict =
      StunMessage::parse(write_binding_error(*request, StunErrorCode::role_conflict, kPassword, buffer));
  REQUIRE(conflict.has_value());
  CHECK(conflict->error_code() == 487);
  CHECK(conflict->check_integrity(kPassword) == StunIntegrity::valid);
}

TEST_CASE("the 420 lists the unknown attributes and fits the response buffer however many there are") {
  Datagram attributes;
  for (std::size_t i = 1; i < kMaxStunAttributes; ++i) {
    attributes.insert(attributes.end(), {0x7f, static_cast<std::uint8_t>(i), 0, 0});
  }
  const Datagram datagram = request_of(attributes);
  const auto request = StunMessage::parse(datagram);
  REQUIRE(request.has_value());
  CHECK(request->has_unknown_attributes());

  std::array<std::uint8_t, kStunResponseCapacity> buffer{};
  const Bytes written = write_binding_error(*request, StunErrorCode::unknown_attribute, kPassword, buffer);
  const auto response = StunMessage::parse(written);
  REQUIRE(response.has_value());
  CHECK(response->error_code() == 420);
  CHECK(response->check_integrity(kPassword) == StunIntegrity::valid);
  const std::array<std::uint8_t, 8> first_of_list{0x00, 0x0a, 0x00, 62, 0x7f, 1, 0x7f, 2};
  CHECK(!std::ranges::search(written, first_of_list).empty());
}

TEST_CASE("nothing is written into a buffer that might be too small") {
  const auto request = StunMessage::parse(kRequest);
  REQUIRE(request.has_value());
  std::array<std::uint8_t, kStunResponseCapacity - 1> buffer{};
  CHECK(write_binding_success(*request, *SocketAddress::parse("::1", 1), kPassword, buffer).empty());
  CHECK(write_binding_error(*request, StunErrorCode::bad_request, {}, buffer).empty());
  CHECK(write_binding_request({}, buffer).empty());
  CHECK(std::ranges::all_of(buffer, [](std::uint8_t byte) { return byte == 0; }));
}

}  // namespace
}  // namespace sluice
