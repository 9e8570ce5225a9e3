// IceLite under fire: raw datagrams, checks with the right credentials (whole, or damaged and given a matching
// FINGERPRINT again), timers, restarts and lost tuples, in
// any order.
//
// Invariants: no tuple is valid or selected that has not sent an authenticated request; an unauthenticated source is
// never sent more than it sent; no response is larger than kStunResponseCapacity.
//
// Input: steps of |operation|address|size or count|bytes...|

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>
#include <unordered_set>
#include <vector>

#include "core/media/ice/ice_lite.h"
#include "core/media/ice/ufrag_index.h"

namespace sluice {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kMaxSteps = 64;
constexpr std::uint8_t kTuples = 16;
const std::array<IceCredentials, 3> kCredentials{{{"gatewayA", "gatewaypassword0123456789"},
                                                  {"gatewayB", "anotherpassword0123456789"},
                                                  {"gatewayC", "thirdpasswordthird0123456"}}};

void require(bool holds) {
  if (!holds) std::abort();
}

void correct_fingerprint(std::vector<std::uint8_t>& message) {
  if (message.size() < kStunHeaderSize + 8) return;
  std::uint32_t crc = 0xffffffff;
  for (std::size_t i = 0; i < message.size() - 8; ++i) {
    crc ^= message[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
  }
  const std::uint32_t fingerprint = ~crc ^ 0x5354554e;
  for (std::size_t i = 0; i < 4; ++i) {
    message[message.size() - 4 + i] = static_cast<std::uint8_t>(fingerprint >> (24 - 8 * i));
  }
}

class Attack {
 public:
  explicit Attack(Bytes input) : in_{input} {}

  void run() {
    for (std::size_t step = 0; step < kMaxSteps && in_.remaining() > 0; ++step) {
      switch (in_.u8() % 5) {
        case 0:
          pass_time();
          break;
        case 1:
          send_raw();
          break;
        case 2:
          send_check();
          break;
        case 3:
          restart();
          break;
        default:
          lose_tuple();
      }
      check_state();
    }
  }

 private:
  // Every address by two sockets, as by UDP and by TCP.
  static IceTuple tuple_of(std::uint8_t index) {
    const auto host = static_cast<std::uint8_t>(index / 2);
    return {
        .remote = host < 6 ? SocketAddress::ipv4({192, 0, 2, host}, 1000) : SocketAddress::ipv6({0x20, 1, host}, 1000),
        .socket = static_cast<std::uint8_t>(index % 2)};
  }
  IceTuple next_tuple() { return tuple_of(in_.u8() % kTuples); }

  void lose_tuple() {
    const IceTuple tuple = next_tuple();
    ice_.remove_tuple(tuple);
    require(!ice_.is_valid(tuple));
  }

  void pass_time() {
    now_ += 1ms * in_.u16();
    ice_.handle_timeout(now_);
    const auto next = ice_.next_timeout();
    require(!next || *next > now_);
  }

  void restart() { ice_.restart(kCredentials[in_.u8() % kCredentials.size()], now_); }

  void send_raw() {
    const IceTuple from = next_tuple();
    const Bytes packet = in_.bytes(std::min<std::size_t>(in_.u16(), in_.remaining()));
    const auto message = StunMessage::parse(packet);
    const bool authentic = message.has_value() && std::ranges::any_of(kCredentials, [&](const auto& credentials) {
                             return message->check_integrity(credentials.pwd) == StunIntegrity::valid;
                           });
    send(packet, from, authentic);
  }

  void send_check() {
    const IceTuple from = next_tuple();
    const std::uint8_t flags = in_.u8();
    const IceCredentials& to = kCredentials[(flags & 3) % kCredentials.size()];
    const std::string username = to.ufrag + ":peer";
    BindingRequest request{.username = username, .password = to.pwd, .priority = in_.u32()};
    request.use_candidate = (flags & 4) != 0;
    if ((flags & 8) != 0) request.ice_controlled = 1;
    if ((flags & 16) == 0) request.ice_controlling = 1;
    std::array<std::uint8_t, kMaxStunMessageSize> buffer{};
    const Bytes written = write_binding_request(request, buffer);
    std::vector<std::uint8_t> packet{written.begin(), written.end()};

    for (std::uint8_t damages = flags >> 5; damages > 0; --damages) {
      const std::size_t position = in_.u8() % packet.size();
      packet[position] ^= in_.u8();
    }
    correct_fingerprint(packet);
    const bool authentic = std::ranges::equal(packet, written);
    send(packet, from, authentic);
  }

  void send(Bytes packet, const IceTuple& from, bool authentic) {
    if (authentic) authenticated_.insert(from);
    require(peek_local_ufrag(packet).size() <= kMaxIceCredentialSize);
    std::array<std::uint8_t, kStunResponseCapacity> buffer{};
    const auto reaction = ice_.handle_stun(packet, from, now_, buffer);
    require(reaction.response.size() <= kStunResponseCapacity);
    if (!authentic) {
      require(reaction.drop.has_value());
      require(!reaction.tuple_added && !reaction.selection_changed && !reaction.state_changed);
      require(reaction.response.size() <= packet.size());
    }
    if (!reaction.response.empty()) require(StunMessage::parse(reaction.response).has_value());
  }

  void check_state() {
    if (ice_.selected() != nullptr) require(authenticated_.contains(*ice_.selected()));
    for (std::uint8_t i = 0; i < kTuples; ++i) {
      if (ice_.is_valid(tuple_of(i))) require(authenticated_.contains(tuple_of(i)));
    }
    const bool up = ice_.state() == IceState::connected || ice_.state() == IceState::completed;
    require(up == (ice_.selected() != nullptr));
  }

  ByteReader in_;
  Instant now_{};
  IceLite ice_{kCredentials[0], {}, Instant{}};
  std::unordered_set<IceTuple> authenticated_;
};

}  // namespace
}  // namespace sluice

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sluice::Attack{sluice::Bytes{data, size}}.run();
  return 0;
}
