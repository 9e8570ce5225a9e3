#include "core/media/ice/ice_candidate.h"

#include <doctest/doctest.h>

#include "core/media/ice/ice_credentials.h"

namespace sluice {
namespace {

HostEndpoint endpoint(std::string_view ip, IceProtocol protocol = IceProtocol::udp,
                      std::vector<std::string> announced = {}) {
  return {.listen = SocketAddress::parse(ip, 40000).value(), .protocol = protocol, .announced = std::move(announced)};
}

std::vector<IceCandidateInfo> candidates(const std::vector<HostEndpoint>& endpoints) {
  const auto made = make_host_candidates(endpoints);
  REQUIRE(made.has_value());
  return *made;
}

HostCandidateError error_of(const std::vector<HostEndpoint>& endpoints) {
  const auto made = make_host_candidates(endpoints);
  REQUIRE(!made.has_value());
  return made.error();
}

TEST_CASE("the only host candidate has the priority of RFC 8445 section 5.1.2.1") {
  const auto list = candidates({endpoint("192.0.2.1")});
  REQUIRE(list.size() == 1);
  CHECK(list[0].priority == 2130706431U);  // 126 * 2^24 + 65535 * 2^8 + 255
  CHECK(list[0].ip == "192.0.2.1");
  CHECK(list[0].port == 40000);
  CHECK(list[0].protocol == IceProtocol::udp);
  CHECK(!list[0].tcp_type.has_value());
}

TEST_CASE("UDP comes before TCP, whatever the order they are given in, and TCP is passive") {
  const auto list = candidates({endpoint("192.0.2.1", IceProtocol::tcp), endpoint("192.0.2.1")});
  REQUIRE(list.size() == 2);
  CHECK(list[0].protocol == IceProtocol::udp);
  CHECK(list[1].protocol == IceProtocol::tcp);
  CHECK(list[1].tcp_type == IceTcpType::passive);
  CHECK(list[0].priority > list[1].priority);
  CHECK(list[0].foundation != list[1].foundation);
}

TEST_CASE("behind a NAT the announced addresses are told and the inner one is not") {
  const auto list = candidates({endpoint("0.0.0.0", IceProtocol::udp, {"203.0.113.5", "10.0.0.7"})});
  REQUIRE(list.size() == 2);
  CHECK(list[0].ip == "203.0.113.5");
  CHECK(list[1].ip == "10.0.0.7");
  CHECK(list[0].port == 40000);
  CHECK(list[0].priority > list[1].priority);
  CHECK(list[0].foundation == list[1].foundation);  // one base, RFC 8445 section 5.1.1.3
}

TEST_CASE("IPv6 candidates are written without brackets and have a foundation of their own") {
  const auto list = candidates({endpoint("2001:db8::1"), endpoint("192.0.2.1")});
  REQUIRE(list.size() == 2);
  CHECK(list[0].ip == "2001:db8::1");
  CHECK(list[0].foundation != list[1].foundation);
  for (const auto& candidate : list) CHECK((is_ice_chars(candidate.foundation) && candidate.foundation.size() <= 32));
}

TEST_CASE("an address that no peer could use is an error that names the reason") {
  CHECK(error_of({endpoint("0.0.0.0")}) == HostCandidateError::wildcard_not_announced);
  CHECK(error_of({endpoint("::")}) == HostCandidateError::wildcard_not_announced);
  CHECK(error_of({endpoint("10.0.0.1", IceProtocol::udp, {"example.org"})}) ==
        HostCandidateError::bad_announced_address);
  CHECK(error_of({endpoint("10.0.0.1", IceProtocol::udp, {"0.0.0.0"})}) == HostCandidateError::bad_announced_address);
  CHECK(error_of({{.listen = SocketAddress::parse("10.0.0.1", 0).value()}}) == HostCandidateError::no_port);
  CHECK(error_of(std::vector<HostEndpoint>(kMaxHostCandidates + 1, endpoint("10.0.0.1"))) ==
        HostCandidateError::too_many);
}

TEST_CASE("types are preferred as RFC 8445 section 5.1.2.2 recommends") {
  const auto priority = [](IceCandidateType type) { return candidate_priority(type, 65535); };
  CHECK(priority(IceCandidateType::host) > priority(IceCandidateType::prflx));
  CHECK(priority(IceCandidateType::prflx) > priority(IceCandidateType::srflx));
  CHECK(priority(IceCandidateType::srflx) > priority(IceCandidateType::relay));
}

TEST_CASE("credentials are ice-chars of the lengths of RFC 8445 section 5.3") {
  CHECK(is_valid_ufrag("ab+/"));
  CHECK(!is_valid_ufrag("abc"));
  CHECK(!is_valid_ufrag("ab:c"));
  CHECK(!is_valid_ufrag(std::string(257, 'a')));
  CHECK(is_valid_ice_password(std::string(22, 'a')));
  CHECK(!is_valid_ice_password(std::string(21, 'a')));
}

}  // namespace
}  // namespace sluice
