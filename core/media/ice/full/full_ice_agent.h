#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/byte_reader.h"
#include "core/media/ice/ice_candidate.h"
#include "core/media/ice/ice_credentials.h"

namespace sluice {

class GlibThread;

enum class IceRole : std::uint8_t { controlling, controlled };

struct StunServer {
  std::string host;
  std::uint16_t port = 3478;
};

enum class TurnTransport : std::uint8_t { udp, tcp, tls };

struct TurnServer {
  std::string host;
  std::uint16_t port = 3478;
  std::string user;
  std::string password;
  TurnTransport transport = TurnTransport::udp;
};

inline constexpr std::size_t kMaxTurnServers = 8;  // libnice's own limit
inline constexpr std::size_t kMaxRemoteCandidates = 32;

struct FullIceOptions {
  IceRole role = IceRole::controlled;
  std::optional<StunServer> stun;
  std::vector<TurnServer> turn;  ///< the first kMaxTurnServers are used
  /// Local addresses to gather from, numeric. Empty: every interface that is up, except loopback.
  std::vector<std::string> local_addresses;
  std::uint16_t min_port = 0;  ///< of host candidates; 0: the system chooses
  std::uint16_t max_port = 0;
  /// Told in place of the address of host candidates of the same family: a one-to-one NAT.
  std::optional<std::string> announced;
  /// Offer and use relayed candidates alone.
  bool relay_only = false;
};

enum class FullIceState : std::uint8_t {
  connecting,  ///< before the first working pair, and again after restart()
  connected,
  disconnected,  ///< was connected; consent (RFC 7675) is lost
  failed         ///< no pair of candidates works
};

/// The ICE agent of one transport that has to find its way: behind a NAT, or calling out. A libnice NiceAgent with one
/// stream of one component: RTP, RTCP and DTLS share it.
///
/// Every function may be called from any thread and, but for the constructor and the destructor, none waits: they post
/// to the GLib thread, in order.
class FullIceAgent {
 public:
  /// What the agent tells. Every function is called on the GLib thread: hand the news over to your own thread and
  /// return. None is called any more once the agent's destructor has returned.
  class Listener {
   public:
    virtual ~Listener() = default;
    /// After gather() and after restart(): everything the peer needs. No candidates: gathering failed.
    virtual void on_gathered(const IceCredentials& local, const std::vector<IceCandidateInfo>& candidates) noexcept = 0;
    /// One datagram from a validated pair; valid during the call.
    virtual void on_packet(Bytes packet) noexcept = 0;
    virtual void on_state(FullIceState state) noexcept = 0;
  };

  /// @throws std::runtime_error when an address or a server in `options` cannot be used.
  FullIceAgent(GlibThread& thread, const FullIceOptions& options, Listener& listener);
  /// Waits for the GLib thread; must not be called by the listener. TURN allocations are released in the background.
  ~FullIceAgent();
  FullIceAgent(const FullIceAgent&) = delete;
  FullIceAgent& operator=(const FullIceAgent&) = delete;

  void gather();

  /// The peer's credentials and the candidates known so far: none at all is fine, then the peer's own checks lead to
  /// it. At most kMaxRemoteCandidates are taken in all; what cannot be checked (names, TCP) is skipped.
  void set_remote(IceCredentials remote, std::vector<IceCandidateInfo> candidates);
  /// Trickled ones, RFC 8838.
  void add_remote_candidates(std::vector<IceCandidateInfo> candidates);
  /// No more will come, so that the agent may fail once all pairs have.
  void end_of_remote_candidates();

  /// New local credentials, told by on_gathered(); set_remote() must follow. Media flows on over the old pair.
  void restart();

  /// Thread-safe against everything but the destructor; never blocks.
  /// @return false: not connected, or the system has no room. The datagram is lost.
  bool send(Bytes packet) noexcept;

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;  // shared with the tasks posted to the GLib thread
};

}  // namespace sluice
