#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

#include "core/media/engine/offered_ice_server.h"
#include "core/media/ice/full/full_ice_agent.h"
#include "core/media/ice/full/glib_thread.h"
#include "core/media/ice/ice_lite.h"
#include "core/media/ice/packet_kind.h"
#include "tests/integration/ice/turn_server.h"
#include "tests/integration/ice/udp_socket.h"

namespace sluice::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kLimit = 20s;
constexpr auto kConsentLimit = 60s;  // libnice gives up after ten seconds, RFC 7675 at the latest after thirty

FullIceOptions on_loopback(IceRole role) {
  FullIceOptions options;
  options.role = role;
  options.local_addresses = {"127.0.0.1"};  // libnice leaves loopback out unless told so
  return options;
}

FullIceOptions relayed(IceRole role, const CoturnProcess& coturn) {
  FullIceOptions options = on_loopback(role);
  options.relay_only = true;
  options.turn = {{.host = CoturnProcess::kIp,
                   .port = coturn.port(),
                   .user = CoturnProcess::kUser,
                   .password = CoturnProcess::kPassword}};
  return options;
}

Bytes bytes_of(const std::string& text) { return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}; }

// An agent together with what it told: the test thread waits for news.
class Peer final : public FullIceAgent::Listener {
 public:
  Peer(GlibThread& thread, const FullIceOptions& options) : agent_{thread, options, *this} {}

  void on_gathered(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) noexcept override {
    tell([&] {
      local_ = local;
      candidates_ = candidates;
      gathered_ = true;
    });
  }
  void on_packet(Bytes packet) noexcept override {
    tell([&] { packets_.emplace_back(packet.begin(), packet.end()); });
  }
  void on_state(FullIceState state) noexcept override {
    tell([&] { state_ = state; });
  }

  bool gather() {
    agent_.gather();
    return wait([this] { return gathered_; });
  }
  bool restart() {
    const std::string before = local_.ufrag;
    agent_.restart();
    return wait([&] { return local_.ufrag != before && state_ == FullIceState::connecting; });
  }
  bool connects() {
    return wait([this] { return state_ == FullIceState::connected; });
  }
  bool fails() {
    return wait([this] { return state_ == FullIceState::failed; });
  }
  bool loses_consent() {
    return wait([this] { return state_ == FullIceState::disconnected; }, kConsentLimit);
  }
  bool receives(const std::string& text) {
    return wait([&] { return std::ranges::find(packets_, text) != packets_.end(); });
  }
  void forget_packets() {
    tell([this] { packets_.clear(); });
  }
  [[nodiscard]] const IceCredentials& local() const { return local_; }
  [[nodiscard]] const std::vector<IceCandidateInfo>& candidates() const { return candidates_; }
  FullIceAgent& agent() { return agent_; }

 private:
  template <class Change>
  void tell(Change change) {
    const std::scoped_lock lock{mutex_};
    change();
    news_.notify_all();
  }
  template <class Condition>
  bool wait(Condition condition, std::chrono::seconds limit = kLimit) {
    std::unique_lock lock{mutex_};
    return news_.wait_for(lock, limit, condition);
  }

  std::mutex mutex_;
  std::condition_variable news_;
  bool gathered_ = false;
  IceCredentials local_;
  std::vector<IceCandidateInfo> candidates_;
  std::vector<std::string> packets_;
  FullIceState state_ = FullIceState::connecting;
  FullIceAgent agent_;  // last: it stops calling back before the rest is destroyed
};

void check_exchange(Peer& a, Peer& b) {
  REQUIRE(a.connects());
  REQUIRE(b.connects());
  CHECK(a.agent().send(bytes_of("from a")));
  CHECK(b.agent().send(bytes_of("from b")));
  CHECK(b.receives("from a"));
  CHECK(a.receives("from b"));
}

void connect(Peer& a, Peer& b) {
  a.agent().set_remote(b.local(), b.candidates());
  b.agent().set_remote(a.local(), a.candidates());
}

// A gateway in small: one UDP socket, one IceLite, and an echo for what comes from valid addresses.
class LiteGateway {
 public:
  LiteGateway() : thread_{[this] { run(); }} {}
  ~LiteGateway() {
    stop_ = true;
    thread_.join();
  }

  const IceCredentials credentials{"liteufrag", "litepasswordlitepassword"};
  [[nodiscard]] std::vector<IceCandidateInfo> candidates() const {
    const HostEndpoint endpoint{.listen = socket_.address()};
    return *make_host_candidates({&endpoint, 1});
  }

 private:
  void run() {
    IceLite ice{credentials, {}, Instant{}};
    std::array<std::uint8_t, 2048> buffer{};
    std::array<std::uint8_t, kStunResponseCapacity> response{};
    while (!stop_) {
      const auto received = socket_.receive(buffer, 20ms);
      if (!received) continue;
      if (classify(received->packet) == PacketKind::stun) {
        const auto reaction = ice.handle_stun(received->packet, {.remote = received->from}, Instant{}, response);
        socket_.send(reaction.response, received->from);
      } else if (ice.is_valid({.remote = received->from}) && ice.state() == IceState::completed) {
        socket_.send(received->packet, ice.selected()->remote);
      }
    }
  }

  UdpSocket socket_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST_CASE("two agents restricted to relayed candidates talk through coturn") {
  const CoturnProcess coturn;
  GlibThread thread;
  Peer a{thread, relayed(IceRole::controlling, coturn)};
  Peer b{thread, relayed(IceRole::controlled, coturn)};
  REQUIRE(a.gather());
  REQUIRE(b.gather());
  REQUIRE(!a.candidates().empty());
  for (const auto& candidate : a.candidates()) {
    CHECK(candidate.type == IceCandidateType::relay);
    CHECK(candidate.ip == CoturnProcess::kIp);
  }
  connect(a, b);
  check_exchange(a, b);
}

TEST_CASE("a wrong TURN password gives no relayed candidate, and gathering ends nevertheless") {
  const CoturnProcess coturn;
  GlibThread thread;
  FullIceOptions options = relayed(IceRole::controlling, coturn);
  options.turn[0].password = "wrong";
  Peer a{thread, options};
  REQUIRE(a.gather());
  CHECK(a.candidates().empty());
}

TEST_CASE("credentials made of a shared secret are taken by coturn, for as long as they hold") {
  const std::string secret = "shared-with-the-turn-server";
  const CoturnProcess coturn{secret};
  GlibThread thread;
  const auto candidates = [&](const std::string& with, const std::string& user, std::chrono::seconds lifetime) {
    const OfferedIceServer offered{
        .server = {.urls = {"turn:127.0.0.1"}}, .secret = Secret{with}, .lifetime = lifetime};
    const IceServer told = offered.for_user(user, std::chrono::system_clock::now());
    FullIceOptions options = relayed(IceRole::controlling, coturn);
    options.turn[0].user = told.username.value();
    options.turn[0].password = told.credential.value();
    Peer peer{thread, options};
    REQUIRE(peer.gather());
    return peer.candidates().size();
  };
  CHECK(candidates(secret, "ada", 1h) == 1);
  for (const char* user : {"campus:ada", "ada lovelace", "o'neil", "\"\\", "L\u00f6we"}) {
    CAPTURE(user);
    CHECK(candidates(secret, user, 1h) == 1);
  }
  CHECK(candidates(secret, std::string(256, ' '), 1h) == 1);
  CHECK(candidates(secret, "ada", -1h) == 0);  // over
  CHECK(candidates("another secret", "ada", 1h) == 0);
}

TEST_CASE("two agents with host candidates and a STUN server connect, and connect again after a restart") {
  const CoturnProcess coturn;
  GlibThread thread;
  FullIceOptions options = on_loopback(IceRole::controlling);
  options.stun = StunServer{.host = CoturnProcess::kIp, .port = coturn.port()};
  Peer a{thread, options};
  options.role = IceRole::controlled;
  Peer b{thread, options};
  REQUIRE(a.gather());
  REQUIRE(b.gather());
  connect(a, b);
  check_exchange(a, b);

  REQUIRE(a.restart());
  REQUIRE(b.restart());
  a.forget_packets();
  b.forget_packets();
  connect(a, b);
  check_exchange(a, b);
}

// Answers each Binding request with one mapped address, as a STUN server beyond a NAT does. MAPPED-ADDRESS, since
// the request may be of RFC 3489, which knows no other.
class NatSimulation {
 public:
  NatSimulation() : thread_{[this] { run(); }} {}
  ~NatSimulation() {
    stop_ = true;
    thread_.join();
  }
  [[nodiscard]] std::uint16_t port() const { return socket_.address().port(); }

 private:
  void run() {
    std::array<std::uint8_t, 2048> buffer{};
    while (!stop_) {
      const auto received = socket_.receive(buffer, 20ms);
      if (!received || received->packet.size() < kStunHeaderSize) continue;
      std::array<std::uint8_t, 32> response{0x01, 0x01, 0x00, 0x0c};
      std::copy_n(received->packet.begin() + 4, 16, response.begin() + 4);
      const std::array<std::uint8_t, 12> mapped{0x00, 0x01, 0x00, 0x08, 0, 1, 0x9c, 0x40, 203, 0, 113, 7};
      std::ranges::copy(mapped, response.begin() + kStunHeaderSize);
      socket_.send(response, received->from);
    }
  }

  UdpSocket socket_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

TEST_CASE("behind a NAT the address that the STUN server sees is offered as server-reflexive") {
  const NatSimulation nat;
  GlibThread thread;
  FullIceOptions options = on_loopback(IceRole::controlling);
  options.stun = StunServer{.host = "127.0.0.1", .port = nat.port()};
  Peer a{thread, options};
  REQUIRE(a.gather());
  const auto found = std::ranges::find(a.candidates(), IceCandidateType::srflx, &IceCandidateInfo::type);
  REQUIRE(found != a.candidates().end());
  CHECK(found->ip == "203.0.113.7");
  CHECK(found->port == 40000);
}

TEST_CASE("an announced address is told in place of the host's own") {
  GlibThread thread;
  FullIceOptions options = on_loopback(IceRole::controlled);
  options.announced = "203.0.113.9";
  Peer a{thread, options};
  REQUIRE(a.gather());
  REQUIRE(a.candidates().size() == 1);
  CHECK(a.candidates()[0].ip == "203.0.113.9");
  CHECK(a.candidates()[0].type == IceCandidateType::host);
  CHECK(is_valid_ufrag(a.local().ufrag));
  CHECK(is_valid_ice_password(a.local().pwd));
}

TEST_CASE("a peer that tells no usable candidates is found by its own checks") {
  GlibThread thread;
  Peer a{thread, on_loopback(IceRole::controlling)};
  Peer b{thread, on_loopback(IceRole::controlled)};
  REQUIRE(a.gather());
  REQUIRE(b.gather());
  const std::vector<IceCandidateInfo> unusable{
      {.foundation = "1", .priority = 1, .ip = "0f3a.local", .port = 5000},  // a browser's mDNS name
      {.foundation = "1", .priority = 1, .ip = "192.0.2.1", .port = 9, .protocol = IceProtocol::tcp},
      {.foundation = "1", .priority = 1, .ip = "192.0.2.1", .port = 0},
      {.foundation = "1", .priority = 1, .ip = "0.0.0.0", .port = 5000},
      {.foundation = std::string(33, 'x'), .priority = 1, .ip = "192.0.2.1", .port = 5000}};
  a.agent().set_remote(b.local(), unusable);
  b.agent().set_remote(a.local(), {});
  b.agent().add_remote_candidates(a.candidates());  // trickled
  check_exchange(a, b);
}

TEST_CASE("a full agent connects to a lite one, whose echo it hears") {
  LiteGateway gateway;
  GlibThread thread;
  Peer a{thread, on_loopback(IceRole::controlling)};
  REQUIRE(a.gather());
  a.agent().set_remote(gateway.credentials, gateway.candidates());
  REQUIRE(a.connects());
  // The lite side echoes once it has seen the nomination, which libnice sends just before it reports the pair.
  std::string packet{"\x80\x60 echo"};
  CHECK(a.agent().send(bytes_of(packet)));
  CHECK(a.receives(packet));
}

TEST_CASE("a wrong password at the lite side means that the agent fails") {
  LiteGateway gateway;
  GlibThread thread;
  Peer a{thread, on_loopback(IceRole::controlling)};
  REQUIRE(a.gather());
  a.agent().set_remote({gateway.credentials.ufrag, "notthepasswordnotthepassword"}, gateway.candidates());
  a.agent().end_of_remote_candidates();
  CHECK(a.fails());
}

TEST_CASE("consent is lost when the lite side falls silent") {
  GlibThread thread;
  Peer a{thread, on_loopback(IceRole::controlling)};
  REQUIRE(a.gather());
  {
    LiteGateway gateway;
    a.agent().set_remote(gateway.credentials, gateway.candidates());
    REQUIRE(a.connects());
  }
  CHECK(a.loses_consent());
}

TEST_CASE("nothing can be sent before the agent is connected") {
  GlibThread thread;
  Peer a{thread, on_loopback(IceRole::controlling)};
  CHECK(!a.agent().send(bytes_of("too early")));
}

TEST_CASE("options that cannot work are refused when the agent is made") {
  GlibThread thread;
  FullIceOptions bad_address;
  bad_address.local_addresses = {"not an address"};
  CHECK_THROWS_AS(Peer(thread, bad_address), std::runtime_error);
  FullIceOptions bad_announced;
  bad_announced.announced = "gateway.example";
  CHECK_THROWS_AS(Peer(thread, bad_announced), std::runtime_error);
}

}  // namespace
}  // namespace sluice::test
