#pragma once

#include <doctest/doctest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

#include "core/media/ice/ice_lite.h"

namespace sluice::test {

using namespace std::chrono_literals;

inline const IceCredentials kLocal{"gatewayA", "gatewaypassword0123456789"};
inline const IceCredentials kRestarted{"gatewayB", "anotherpassword0123456789"};
inline const IceTuple kHome{.remote = SocketAddress::parse("192.0.2.10", 5000).value(), .socket = 0};
inline const IceTuple kHomeByTcp{.remote = kHome.remote, .socket = 1};
inline const IceTuple kMobile{.remote = SocketAddress::parse("198.51.100.20", 6000).value(), .socket = 0};
inline const Instant kStart{};

inline IceTuple with_port(const IceTuple& tuple, std::uint16_t port) {
  return {.remote = tuple.remote.with_port(port), .socket = tuple.socket};
}

// The peer: what it would send, and the agent under test, which answers.
struct IceCall {
  IceLite ice{kLocal, {}, kStart};
  std::array<std::uint8_t, kMaxStunMessageSize> request_buffer{};
  std::array<std::uint8_t, kStunResponseCapacity> response_buffer{};

  static BindingRequest check(const IceCredentials& to = kLocal) {
    static thread_local std::string username;
    username = to.ufrag + ":peer";
    BindingRequest request;
    request.transaction_id = {1, 2, 3, 4};
    request.username = username;
    request.password = to.pwd;
    request.priority = 100;
    request.ice_controlling = 42;
    return request;
  }
  static BindingRequest nomination(const IceCredentials& to = kLocal) {
    BindingRequest request = check(to);
    request.use_candidate = true;
    return request;
  }
  IceLite::Reaction send(const BindingRequest& request, const IceTuple& from, Instant now) {
    return ice.handle_stun(write_binding_request(request, request_buffer), from, now, response_buffer);
  }
  std::uint16_t error_code(const IceLite::Reaction& reaction) {
    const auto response = StunMessage::parse(reaction.response);
    return response.has_value() ? response->error_code().value_or(0) : 0;
  }
};

}  // namespace sluice::test
