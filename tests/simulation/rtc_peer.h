#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "core/media/dtls/dtls_endpoint.h"
#include "core/media/ice/ice_credentials.h"
#include "core/media/ice/stun_message.h"
#include "core/media/rtcp/rtcp_builder.h"
#include "core/media/rtp/rtp_writer.h"
#include "core/media/srtp/srtp_receiver.h"
#include "core/media/srtp/srtp_sender.h"
#include "sluice/ortc.h"

namespace sluice::simulation {

/// What surrounds a peer: takes its datagrams, and hears what it has decrypted.
class RtcPeerPort {
 public:
  virtual ~RtcPeerPort() = default;
  virtual void send_datagram(Bytes datagram) = 0;
  /// The packet's bytes are valid during the call.
  virtual void on_rtp(const RtpPacketView& /*packet*/, Instant /*now*/) {}
  virtual void on_rtcp(const RtcpCompound& /*compound*/, Instant /*now*/) {}
  /// A packet that leaves, before it is protected; valid during the call.
  virtual void on_sending_rtp(Bytes /*packet*/) {}
};

/// A WebRTC client as an ICE-lite gateway sees one, for tests and load: a full ICE agent with a single pair, which
/// controls and nominates at once; DTLS; SRTP. It plays no media of its own: packets are handed to it.
///
/// Sans I/O: datagrams and time come in, datagrams leave through its port. Sending allocates nothing.
class RtcPeer {
 public:
  struct Config {
    IceCredentials local;
    IceCredentials remote;
    DtlsRole role = DtlsRole::client;
    std::vector<Fingerprint> remote_fingerprints;
    /// Where the remote side's checks come from. Set, they are answered, as one that is no ICE-lite needs it.
    std::optional<SocketAddress> answer_checks_of{};
    /// DTLS waits for the first of those: before it, such a remote side drops what it gets.
    bool await_check = false;
    std::uint64_t seed = 1;                                       ///< of transaction ids
    Duration check_interval = std::chrono::milliseconds{100};     ///< until the first answer
    Duration consent_interval = std::chrono::milliseconds{2500};  ///< after it; RFC 7675 section 5.1 says 5 s
  };

  struct Counters {
    std::uint64_t checks_sent = 0;
    std::uint64_t checks_answered = 0;
    std::uint64_t check_errors = 0;
    std::uint64_t remote_checks = 0;  ///< answered by us
    std::uint64_t rejected = 0;       ///< SRTP and SRTCP that could not be verified
    std::uint64_t malformed = 0;
  };

  /// `context` and `port` outlive the peer.
  RtcPeer(const DtlsContext& context, Config config, RtcPeerPort& port);

  /// Sends the first check; DTLS starts when it is answered.
  void start(Instant now);
  void handle_datagram(Bytes datagram, Instant now);
  void handle_timeout(Instant now);
  [[nodiscard]] std::optional<Instant> next_timeout() const noexcept;

  /// A check now, and from then on at the interval: also after the peer's own address has changed.
  void check(Instant now);
  /// No more checks until check(): consent expires.
  void stop_checking() noexcept { next_check_.reset(); }
  /// RFC 8445 section 9: both sides have new credentials.
  void restart_ice(IceCredentials local, IceCredentials remote, Instant now);
  /// close_notify.
  void close();

  /// Protects and sends one packet. @return false: DTLS is not done, or the packet does not fit.
  bool send_rtp(const RtpHeader& header, std::span<const ExtensionElement> extensions, Bytes payload);
  /// A packet that was written elsewhere, well-formed or not.
  bool send_rtp(Bytes packet);
  bool send_rtcp(Bytes compound);
  /// `write(RtcpBuilder&)` fills the compound.
  template <class Write>
  bool send_rtcp_of(Write&& write) {
    std::array<std::uint8_t, 1200> buffer;
    RtcpBuilder builder{buffer};
    write(builder);
    return send_rtcp(builder.bytes());
  }

  [[nodiscard]] bool path_is_checked() const noexcept { return counters_.checks_answered > 0; }
  [[nodiscard]] bool can_send() const noexcept { return sender_.has_value(); }
  [[nodiscard]] DtlsState dtls_state() const noexcept { return dtls_.state(); }
  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  [[nodiscard]] std::optional<SocketAddress> mapped_address() const noexcept { return mapped_; }

 private:
  static constexpr std::size_t kRememberedChecks = 8;
  static constexpr std::size_t kMaxPacket = 2048;

  void handle_stun(Bytes datagram, Instant now);
  void handle_media(Bytes datagram, Instant now);
  void drain_dtls();
  void send_check();
  void answer_check(const StunMessage& check, Instant now);
  void start_dtls(Instant now);
  [[nodiscard]] StunTransactionId next_transaction() noexcept;
  [[nodiscard]] bool is_ours(const StunTransactionId& id) const noexcept;

  Config config_;
  RtcPeerPort& port_;
  DtlsEndpoint dtls_;
  std::optional<SrtpSender> sender_;
  std::optional<SrtpReceiver> receiver_;
  std::optional<Instant> next_check_;
  std::array<StunTransactionId, kRememberedChecks> checks_{};
  std::optional<SocketAddress> mapped_;
  std::array<std::uint8_t, kMaxPacket> out_;
  std::array<std::uint8_t, kMaxPacket> in_;
  Counters counters_;
};

}  // namespace sluice::simulation
